import { findBinaries } from "./binaries";
import {
  clusterExists,
  createCluster,
  databaseName,
  ownerRole,
  provisionCluster,
  resetSuperuserPassword,
} from "./cluster";
import { type DataFolder, eraseCluster, makeDataFolder, openDataFolder } from "./data-folder";
import { isFolderLocked, lockFolder } from "./folder-lock";
import { explainSystemError } from "./local-database-error";
import { findFreePort, isPortFree } from "./ports";
import { PortTakenError, type Postmaster, clearOldPostmaster, startPostmaster } from "./postmaster";
import { reporting } from "./reporting";
import { type SavedState, newState, readState, saveState } from "./saved-state";

export type PostgresOptions = {
  /** Where the data lives (`.data`); made if it is not there. */
  dataDir: string;
  /** Must be free; without it the port of the last run is taken again, or else any free one. */
  port?: number | undefined;
  /** Deletes the data first. */
  fresh?: boolean | undefined;
  /** False for tests only: quicker, and a crash of the machine may destroy the data. */
  durable?: boolean | undefined;
  /** Told what takes a moment, one sentence each. */
  log?: ((message: string) => void) | undefined;
};

export type LocalPostgres = {
  port: number;
  /** The server's process id. */
  pid: number;
  /** Role postgres, database postgres. */
  superuserUrl: string;
  /** Role cairn_owner, database cairn. */
  ownerUrl: string;
  folder: DataFolder;
  /** Settles when the server has ended, whether by stop() or by itself. */
  ended: Promise<void>;
  /** Shuts the server down, everything written, and gives the folder back. */
  stop(): Promise<void>;
};

/**
 * Starts PostgreSQL 17 (the npm package's own programs) on the data folder, on 127.0.0.1 only, and makes the
 * cluster, its roles, its database and its extensions if they are not there yet.
 *
 * @throws LocalDatabaseError with one sentence when it cannot be done
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const doing = `The data folder ${options.dataDir} cannot be used`;
  let unlock: (() => void) | undefined;
  let postmaster: Postmaster | undefined;
  try {
    const path = makeDataFolder(options.dataDir);
    unlock = lockFolder(path);
    const { folder, state } = await prepareCluster(path, options);
    const started = await startOnFreePort(folder, state, options);
    postmaster = started.postmaster;
    await provisionCluster(folder, started.port, state);
    return describe(folder, state, started.port, postmaster, unlock);
  } catch (error) {
    await postmaster?.stop();
    unlock?.();
    throw explainSystemError(error, doing);
  }
}

/** Leaves a cluster that nobody runs, with passwords that are its own. */
async function prepareCluster(
  path: string,
  options: PostgresOptions,
): Promise<{ folder: DataFolder; state: SavedState }> {
  const log = options.log ?? (() => {});
  let folder = openDataFolder(path, log);
  await clearOldPostmaster(folder);
  if (options.fresh === true) {
    eraseCluster(folder);
    folder = openDataFolder(path, log);
  }
  const binaries = findBinaries(folder.account);
  const saved = readState(path);
  const state = saved ?? newState();
  if (!clusterExists(folder)) {
    log("Making a new PostgreSQL database …");
    const created = createCluster(folder, binaries.initdb, state.superuserPassword, options.durable ?? true);
    await reporting(created, "Still writing the new database to the disk …", log);
  } else if (saved === null) {
    log("The database's passwords are lost; setting new ones …");
    await resetSuperuserPassword(folder, binaries.postgres, state.superuserPassword);
  }
  // After the cluster has them: one that was cut off before this gets new ones at the next start.
  if (saved === null) saveState(path, state);
  return { folder, state };
}

async function startOnFreePort(
  folder: DataFolder,
  state: SavedState,
  options: PostgresOptions,
): Promise<{ port: number; postmaster: Postmaster }> {
  const { postgres } = findBinaries(folder.account);
  const log = options.log ?? (() => {});
  log("Starting PostgreSQL …");
  for (let attempt = 1; ; attempt += 1) {
    const port = await choosePort(options.port, state.pgPort);
    try {
      const started = startPostmaster(folder, postgres, settings(port, options.durable ?? true));
      const postmaster = await reporting(started, "PostgreSQL is bringing its data in order …", log);
      if (state.pgPort !== port) {
        state.pgPort = port;
        saveState(folder.path, state);
      }
      return { port, postmaster };
    } catch (error) {
      // Between looking and listening another program may take the port; one that we chose may be any other.
      if (!(error instanceof PortTakenError) || options.port !== undefined || attempt === 5) throw error;
    }
  }
}

async function choosePort(wanted: number | undefined, last: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (await isPortFree(wanted)) return wanted;
    throw new PortTakenError(
      `Port ${wanted} for PostgreSQL is already in use by another program; choose another.`,
    );
  }
  return last !== undefined && (await isPortFree(last)) ? last : findFreePort();
}

/**
 * The owner's address of the server that runs on the data folder, for a tool beside it; null when none does. Changes
 * nothing, and does not see whether the server is ready.
 */
export function runningOwnerUrl(dataDir: string): string | null {
  const state = isFolderLocked(dataDir) ? readState(dataDir) : null;
  return state?.pgPort === undefined
    ? null
    : addressOf(ownerRole, state.ownerPassword, state.pgPort, databaseName);
}

function addressOf(user: string, password: string, port: number, database: string): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
}

/** Given on the command line at every start, so that they are never older than the code. */
function settings(port: number, durable: boolean): Record<string, string> {
  return {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    shared_preload_libraries: "pg_stat_statements",
    max_connections: "120",
    shared_buffers: "256MB",
    effective_cache_size: "1GB",
    maintenance_work_mem: "128MB",
    random_page_cost: "1.1", // An SSD, as on Neon.
    timezone: "GMT", // As on Neon.
    log_timezone: "GMT",
    lc_messages: "C",
    log_min_messages: "error", // Every reset of a pooled session warns that there is no transaction to roll back.
    // Tests vacuum when they mean to: an ANALYZE of the server's own at that moment would keep pages from being marked.
    ...(durable
      ? {}
      : { fsync: "off", synchronous_commit: "off", full_page_writes: "off", autovacuum: "off" }),
  };
}

function describe(
  folder: DataFolder,
  state: SavedState,
  port: number,
  postmaster: Postmaster,
  unlock: () => void,
): LocalPostgres {
  let stopping: Promise<void> | undefined;
  return {
    port,
    pid: postmaster.pid,
    superuserUrl: addressOf("postgres", state.superuserPassword, port, "postgres"),
    ownerUrl: addressOf(ownerRole, state.ownerPassword, port, databaseName),
    folder,
    ended: postmaster.ended,
    stop: () => (stopping ??= postmaster.stop().finally(unlock)),
  };
}
