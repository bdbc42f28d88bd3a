import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of migrations that a test writes as it goes. */
export type MigrationsFolder = {
  path: string;
  /** Puts a migration at the end of the journal, or before another. */
  add: (name: string, up: string, options?: { down?: string; before?: string }) => void;
  /** Replaces a file's text behind the journal's back. */
  write: (file: string, text: string) => void;
  /** Takes a migration out of the folder and the journal. */
  remove: (name: string) => void;
  erase: () => void;
};

/** Makes an empty one. */
export function createMigrationsFolder(): MigrationsFolder {
  const path = mkdtempSync(join(tmpdir(), "cairn-migrations-"));
  const names: string[] = [];
  const write = (file: string, text: string) => writeFileSync(join(path, file), text);
  const writeJournal = () =>
    write(
      "meta/_journal.json",
      JSON.stringify({ version: "7", entries: names.map((tag, idx) => ({ idx, tag })) }),
    );
  mkdirSync(join(path, "meta"));
  mkdirSync(join(path, "rollback"));
  writeJournal();
  return {
    path,
    write,
    add(name, up, { down, before } = {}) {
      write(`${name}.sql`, up);
      if (down !== undefined) write(`rollback/${name}.sql`, down);
      names.splice(before === undefined ? names.length : names.indexOf(before), 0, name);
      writeJournal();
    },
    remove(name) {
      rmSync(join(path, `${name}.sql`));
      names.splice(names.indexOf(name), 1);
      writeJournal();
    },
    erase: () => rmSync(path, { recursive: true }),
  };
}
