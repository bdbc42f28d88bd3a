import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { MigrationError } from "./migration-error";

/** A part of a file that is sent by itself, and the line of the file (from 1) that it begins on. */
export type Part = { sql: string; line: number };

export type SqlFile = {
  /** As people see it in the folder, such as 0001_tables.sql or rollback/0001_tables.sql. */
  label: string;
  parts: Part[];
  /** False for files with `-- no-transaction` as a line before their first statement, which CREATE INDEX CONCURRENTLY needs. */
  transactional: boolean;
};

export type Migration = SqlFile & {
  name: string;
  /** SHA-256 in hex of the text with line ends as \n: a checkout on another system is no edit. */
  hash: string;
};

const Journal = z.object({ entries: z.array(z.object({ tag: z.string().regex(/^[\w-]+$/) })) });

const BREAKPOINT = "--> statement-breakpoint";

/**
 * The migrations of a folder, in the order of drizzle-kit's journal.
 * @throws MigrationError when the journal and the files do not agree: a file that nobody runs is a mistake.
 */
export function readMigrations(folder: string): Migration[] {
  const names = readJournal(folder);
  const stray = readdirSync(folder).find(
    (file) => file.endsWith(".sql") && !names.includes(file.slice(0, -".sql".length)),
  );
  if (stray !== undefined) {
    throw new MigrationError(
      `${stray} is not in meta/_journal.json, so nobody would run it; make migrations with drizzle-kit generate.`,
    );
  }
  return names.map((name) => {
    const label = `${name}.sql`;
    const text = readText(join(folder, label));
    if (text === null)
      throw new MigrationError(`meta/_journal.json names ${label}, but there is no such file.`);
    return { name, hash: createHash("sha256").update(text).digest("hex"), ...parse(label, text) };
  });
}

/** What undoes the migration of this name; null when nobody wrote it. */
export function readRollback(folder: string, name: string): SqlFile | null {
  const text = readText(join(folder, "rollback", `${name}.sql`));
  return text === null ? null : parse(`rollback/${name}.sql`, text);
}

function readJournal(folder: string): string[] {
  const file = join(folder, "meta", "_journal.json");
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new MigrationError(`The journal of migrations ${file} cannot be read.`, { cause: error });
  }
  const journal = Journal.safeParse(content);
  if (!journal.success) throw new MigrationError(`${file} is not a journal of drizzle-kit.`);
  const names = journal.data.entries.map((entry) => entry.tag);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new MigrationError(`meta/_journal.json names ${twice} twice.`);
  return names;
}

function readText(file: string): string | null {
  if (!existsSync(file)) return null;
  return readFileSync(file, "utf8")
    .replace(/^\uFEFF/, "")
    .replaceAll(/\r\n?/g, "\n");
}

function parse(label: string, text: string): SqlFile {
  let line = 1;
  const parts = text.split(BREAKPOINT).map((sql) => {
    const part = { sql, line };
    line += countLines(sql);
    return part;
  });
  return { label, parts, transactional: !/^-- no-transaction\s*$/m.test(leadingComments(text)) };
}

/** The line of the file where a part's first statement begins, past blank lines and comments. */
export function firstStatementLine({ sql, line }: Part): number {
  return line + countLines(leadingComments(sql));
}

function leadingComments(sql: string): string {
  return /^(?:\s+|--[^\n]*)*/.exec(sql)?.[0] ?? "";
}

/** The line of the file of a position in a part, in characters from 1, as PostgreSQL's errors give it. */
export function lineOf({ sql, line }: Part, position: number): number {
  return (
    line +
    countLines(
      Array.from(sql)
        .slice(0, position - 1)
        .join(""),
    )
  );
}

function countLines(text: string): number {
  return text.split("\n").length - 1;
}
