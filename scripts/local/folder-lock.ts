import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalDatabaseError } from "./local-database-error";
import { describeProcess } from "./processes";

/** Another living process uses the folder. */
export class FolderInUseError extends LocalDatabaseError {}

/**
 * Makes this process the only one that uses the folder. The lock is a file with the holder's process id and start
 * time, so it dies with its holder, however that one ended.
 *
 * @returns the function that gives the folder back
 * @throws FolderInUseError when a living process holds it
 */
export function lockFolder(folder: string): () => void {
  const file = lockFile(folder);
  const mine = JSON.stringify({
    pid: process.pid,
    startTime: describeProcess(process.pid)?.startTime ?? null,
    nonce: randomUUID(),
  });
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, mine, { mode: 0o644 });
  try {
    // A link is made whole or not at all, and never over a file that is there.
    for (let attempt = 0; attempt < 20; attempt += 1) {
      try {
        linkSync(draft, file);
        return () => {
          if (readHolder(file) === mine) rmSync(file, { force: true });
        };
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      }
      const holder = readHolder(file);
      const pid = holder === null ? null : livingHolder(holder);
      if (pid !== null) {
        throw new FolderInUseError(
          `Another copy of Cairn (process ${pid}) already uses the data folder ${folder}; stop it first, or choose another folder.`,
        );
      }
      if (holder !== null) removeStale(file, holder);
    }
    throw new FolderInUseError(
      `Another copy of Cairn is starting on the data folder ${folder}; try again in a moment.`,
    );
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whether a living process holds the folder. */
export function isFolderLocked(folder: string): boolean {
  const holder = readHolder(lockFile(folder));
  return holder !== null && livingHolder(holder) !== null;
}

function lockFile(folder: string): string {
  return join(folder, "local-database.lock");
}

function readHolder(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** The process id in the lock if that very process still lives. A file that says nothing sensible holds nothing. */
function livingHolder(content: string): number | null {
  try {
    const holder: unknown = JSON.parse(content);
    if (typeof holder !== "object" || holder === null || !("pid" in holder) || !("startTime" in holder))
      return null;
    const { pid, startTime } = holder;
    return typeof pid === "number" && startTime !== null && describeProcess(pid)?.startTime === startTime
      ? pid
      : null;
  } catch {
    return null;
  }
}

/** Takes a dead process's lock away, unless another copy has done so and put its own there in the meantime. */
function removeStale(file: string, stale: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    if (readHolder(aside) !== stale) linkSync(aside, file);
  } catch {
    // Somebody else was quicker; the next attempt sees who.
  } finally {
    rmSync(aside, { force: true });
  }
}
