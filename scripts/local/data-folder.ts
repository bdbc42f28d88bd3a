import { randomUUID } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Account, accountCan, postgresAccount } from "./account";
import { LocalDatabaseError } from "./local-database-error";
import { stateFile } from "./saved-state";
import { systemFolder } from "./system-folder";

/** A folder of ours (`.data`): the cluster, PostgreSQL's log, and the passwords. */
export type DataFolder = {
  path: string;
  /** The cluster's real folder: `postgres` in the data folder, or where that link leads. */
  cluster: string;
  /** Who runs PostgreSQL here; null is ourselves. */
  account: Account | null;
  logFile: string;
};

/** Makes the folder if it is not there, and gives its absolute path. */
export function makeDataFolder(dataDir: string): string {
  const path = resolve(dataDir);
  mkdirSync(path, { recursive: true });
  return realpathSync(path);
}

/** Finds where the folder's cluster lies and which account runs it. */
export function openDataFolder(path: string, log: (message: string) => void = () => {}): DataFolder {
  const cluster = join(path, "postgres");
  const account = postgresAccount(cluster);
  return { path, cluster: placeCluster(cluster, account, log), account, logFile: join(path, "postgres.log") };
}

/**
 * The cluster lies in the data folder itself wherever PostgreSQL's account can get there. It cannot when we are root
 * and the clone is in root's home (mode 700): then it lies in the system folder and the data folder holds a link.
 */
function placeCluster(cluster: string, account: Account | null, log: (message: string) => void): string {
  const entry = lstatSync(cluster, { throwIfNoEntry: false });
  if (entry?.isSymbolicLink() === true && !existsSync(cluster)) {
    throw new LocalDatabaseError(
      `The data folder's link ${cluster} leads to a folder that is gone; bring it back, or delete the link to start with an empty database.`,
    );
  }
  if (entry !== undefined) {
    const real = realpathSync(cluster);
    const owner = statSync(real).uid;
    if (account === null && owner !== process.getuid?.()) {
      throw new LocalDatabaseError(
        `The data in ${real} belongs to another account, probably because Cairn was started as root before; start it as root again, or choose another data folder.`,
      );
    }
    if (account !== null && !accountCan(account, reachable, dirname(real))) {
      throw new LocalDatabaseError(
        `PostgreSQL does not run as root, and its account cannot reach the data in ${real}; make the folders above it open to enter (chmod o+x), or start Cairn as a normal user.`,
      );
    }
    return real;
  }

  const folder = dirname(cluster);
  if (account === null || accountCan(account, reachable, folder))
    return join(realpathSync(folder), "postgres");
  // The data folder is ours: it may be closed only because of how it was made (a temporary folder, a strict umask).
  chmodSync(folder, statSync(folder).mode | 0o011);
  if (accountCan(account, reachable, folder)) return join(realpathSync(folder), "postgres");

  // A random name, not one made from the path: deleting the data folder must never bring older data back.
  // That may still be wanted (the clone was moved, or the deletion a mistake), so it is for a person to delete.
  for (const left of findHomes(folder))
    log(`The data of an earlier ${folder} is still in ${left}; delete it if you do not need it.`);
  const home = join(systemFolder(), randomUUID());
  mkdirSync(home, { mode: 0o711 });
  writeFileSync(join(home, belongsTo), `${folder}\n`);
  const target = join(home, "postgres");
  mkdirSync(target, { mode: 0o700 });
  chownSync(target, account.uid, account.gid);
  symlinkSync(target, cluster);
  return target;
}

const reachable = `cd "$1"`;

/** The file beside a cluster in the system folder that names the data folder it was made for. */
const belongsTo = "belongs-to";

/** The places in the system folder that were made for this data folder. */
function findHomes(dataDir: string): string[] {
  return readdirSync(systemFolder())
    .map((name) => join(systemFolder(), name))
    .filter((home) => {
      const note = join(home, belongsTo);
      return existsSync(note) && readFileSync(note, "utf8").trim() === dataDir;
    });
}

/** Deletes the cluster and everything that belongs to it, wherever it lies. */
export function eraseCluster(folder: DataFolder): void {
  const link = join(folder.path, "postgres");
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    rmSync(folder.cluster, { recursive: true, force: true });
    // The link may lead to a place that a person chose; only our own is removed with it.
    if (existsSync(join(dirname(folder.cluster), belongsTo))) {
      rmSync(dirname(folder.cluster), { recursive: true, force: true });
    }
  }
  rmSync(link, { recursive: true, force: true });
  rmSync(stateFile(folder.path), { force: true });
}
