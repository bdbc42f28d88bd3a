import { execFileSync, spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { LocalDatabaseError } from "./local-database-error";

/** The system account that PostgreSQL runs as when we are root, which it refuses to be. */
export type Account = { uid: number; gid: number };

/**
 * The account for PostgreSQL's processes, or null when it simply runs as ourselves.
 *
 * As root it is `nobody`: every Linux and macOS has it, nothing has to be added to the system, and a PostgreSQL of
 * the distribution, which runs as `postgres`, is out of reach. A cluster that exists keeps the account that owns it,
 * so a folder first used by a normal user stays usable by that user.
 */
export function postgresAccount(clusterFolder: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(clusterFolder, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  try {
    return { uid: idOfNobody("-u"), gid: idOfNobody("-g") };
  } catch (error) {
    throw new LocalDatabaseError(
      "PostgreSQL does not run as root and this system has no account named nobody; start Cairn as a normal user.",
      { cause: error },
    );
  }
}

function idOfNobody(flag: "-u" | "-g"): number {
  const id = Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }).trim());
  return id >>> 0; // macOS has -2 there, which it may print as 4294967294; files want the latter form.
}

/** The spawn options that make a child run as the account. Its folder is / since ours may be closed to it. */
export function asAccount(account: Account | null): { uid?: number; gid?: number; cwd: string } {
  return account === null ? { cwd: "/" } : { uid: account.uid | 0, gid: account.gid | 0, cwd: "/" };
}

/** Whether a shell condition (with "$1" for the path) holds for the account. */
export function accountCan(account: Account, condition: string, path: string): boolean {
  const result = spawnSync("/bin/sh", ["-c", condition, "sh", path], {
    ...asAccount(account),
    stdio: "ignore",
  });
  if (result.error !== undefined) {
    throw new LocalDatabaseError(
      "PostgreSQL does not run as root, and this system lets root start nothing as another account; start Cairn as a normal user.",
      { cause: result.error },
    );
  }
  return result.status === 0;
}
