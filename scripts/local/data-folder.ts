import { randomBytes, randomUUID } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { type Account, accountCan, postgresAccount } from "./account";
import { LocalDatabaseError } from "./local-database-error";
import { systemFolder } from "./system-folder";

/** What has to outlive a run besides the cluster itself. */
export type DataFolderState = {
  superuserPassword: string;
  ownerPassword: string;
  /** The ports of the last run: tried first, so that addresses written down somewhere stay true. */
  pgPort?: number;
  httpPort?: number;
};

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
export function openDataFolder(path: string): DataFolder {
  const cluster = join(path, "postgres");
  const account = postgresAccount(cluster);
  return { path, cluster: placeCluster(cluster, account), account, logFile: join(path, "postgres.log") };
}

/**
 * The cluster lies in the data folder itself wherever PostgreSQL's account can get there. It cannot when we are root
 * and the clone is in root's home (mode 700): then it lies in the system folder and the data folder holds a link.
 */
function placeCluster(cluster: string, account: Account | null): string {
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
  const home = join(systemFolder(), randomUUID());
  mkdirSync(home, { mode: 0o711 });
  writeFileSync(join(home, "belongs-to"), `${folder}\n`);
  const target = join(home, "postgres");
  mkdirSync(target, { mode: 0o700 });
  chownSync(target, account.uid, account.gid);
  symlinkSync(target, cluster);
  return target;
}

const reachable = `cd "$1"`;

/** Whether the passwords of the cluster are known. */
export function hasState(folder: DataFolder): boolean {
  const saved = readState(stateFile(folder));
  return saved.superuserPassword !== undefined && saved.ownerPassword !== undefined;
}

/** The state of the last run, or a new one; it is on disk when this returns. */
export function loadState(folder: DataFolder): DataFolderState {
  const saved = readState(stateFile(folder));
  const state = { ...newState(), ...saved };
  if (!hasState(folder)) saveState(folder, state);
  return state;
}

export function newState(): DataFolderState {
  return { superuserPassword: newPassword(), ownerPassword: newPassword() };
}

/** Replaces the saved state in one step, readable by its owner only. */
export function saveState(folder: DataFolder, state: DataFolderState): void {
  const file = stateFile(folder);
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600, flush: true });
  keepOwner(folder, draft);
  renameSync(draft, file);
}

/** What root writes into a normal user's data folder must stay that user's. */
export function keepOwner(folder: DataFolder, file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(folder.path);
  chownSync(file, uid, gid);
}

/** Deletes the cluster and everything that belongs to it, wherever it lies. */
export function eraseCluster(folder: DataFolder): void {
  const link = join(folder.path, "postgres");
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    rmSync(folder.cluster, { recursive: true, force: true });
    // The link may lead to a place that a person chose; only our own is removed with it.
    if (existsSync(join(dirname(folder.cluster), "belongs-to"))) {
      rmSync(dirname(folder.cluster), { recursive: true, force: true });
    }
  }
  rmSync(link, { recursive: true, force: true });
  rmSync(stateFile(folder), { force: true });
}

/** Where the passwords and ports are kept. */
export function stateFile(folder: DataFolder): string {
  return join(folder.path, "local-database.json");
}

const savedState = z
  .object({
    superuserPassword: z.string().min(1),
    ownerPassword: z.string().min(1),
    pgPort: z.int(),
    httpPort: z.int(),
  })
  .partial();

function readState(file: string): Partial<DataFolderState> {
  if (!existsSync(file)) return {};
  const text = readFileSync(file, "utf8");
  try {
    return savedState.parse(JSON.parse(text));
  } catch {
    return {}; // An unreadable state is as good as none: new passwords are set.
  }
}

function newPassword(): string {
  return randomBytes(24).toString("base64url");
}
