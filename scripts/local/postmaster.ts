import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { asAccount } from "./account";
import type { DataFolder } from "./data-folder";
import { LocalDatabaseError } from "./local-database-error";
import { describeProcess, processFolder, waitForProcessEnd } from "./processes";
import { keepOwner } from "./saved-state";

/** A running PostgreSQL server. */
export type Postmaster = {
  pid: number;
  /** Settles when the server has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
};

/** The server could not listen on its port; somebody took it since it was found free. */
export class PortTakenError extends LocalDatabaseError {}

/**
 * Starts PostgreSQL on the cluster and waits until it accepts connections.
 *
 * It runs in a session of its own, so a Ctrl-C at the terminal reaches only us and we stop it in order; and a small
 * watchdog stops it when we end without having done so, even by SIGKILL.
 */
export async function startPostmaster(
  folder: DataFolder,
  program: string,
  settings: Record<string, string>,
): Promise<Postmaster> {
  const log = openLog(folder);
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(program, ["-D", folder.cluster, ...flags], {
    ...asAccount(folder.account),
    env: serverEnvironment(),
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  closeSync(log.fd);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const failed = new Promise<Error>((resolve) => child.once("error", resolve));
  if (child.pid === undefined) {
    throw new LocalDatabaseError(`PostgreSQL could not be started: ${(await failed).message}.`);
  }
  const watchdog = startWatchdog(folder, child.pid);
  void ended.then(() => watchdog.kill("SIGKILL"));
  child.unref();

  await waitUntilReady(folder, child, log);
  return { pid: child.pid, ended, stop: () => stopPostmaster(child, ended) };
}

/** PostgreSQL and its tools speak English here and take no setting from the person's own environment (PGOPTIONS …). */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };
}

/**
 * Waits on a pipe that only we hold open: it reads its end when we are gone, however we went, and then tells the
 * server to shut down, if that id is still the server's.
 */
function startWatchdog(folder: DataFolder, pid: number): ChildProcess {
  const script = `read -r _; read -r pid < "$1" && [ "$pid" = "$2" ] && kill -INT "$2"`;
  const watchdog = spawn("/bin/sh", ["-c", script, "cairn-watchdog", pidFile(folder), String(pid)], {
    ...asAccount(folder.account),
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watchdog.on("error", () => {}); // Without it the next start finds the server and stops it.
  watchdog.unref();
  // A pipe keeps the event loop alive unless told otherwise; its type here is Writable, which cannot be told.
  if (watchdog.stdin !== null && "unref" in watchdog.stdin && typeof watchdog.stdin.unref === "function") {
    watchdog.stdin.unref();
  }
  watchdog.stdin?.on("error", () => {});
  return watchdog;
}

type Log = { fd: number; file: string; start: number };

function openLog(folder: DataFolder): Log {
  const file = folder.logFile;
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 10 * 1024 * 1024)
    renameSync(file, `${file}.1`);
  const fd = openSync(file, "a", 0o600);
  keepOwner(folder.path, file);
  return { fd, file, start: statSync(file).size };
}

/** postmaster.pid holds the server's state in its eighth line; pg_ctl waits for the same word. */
async function waitUntilReady(folder: DataFolder, child: ChildProcess, log: Log): Promise<void> {
  // After a crash the server replays its log first, which may take minutes; it ends by itself if it cannot.
  while (child.exitCode === null && child.signalCode === null) {
    const lines = readPidFile(folder);
    if (lines[0]?.trim() === String(child.pid) && lines[7]?.trim() === "ready") return;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  throw explainFailure(readFileSync(log.file).subarray(log.start).toString("utf8"), log.file);
}

/** One sentence for what PostgreSQL or initdb wrote before it gave up. */
export function explainFailure(output: string, logFile?: string): LocalDatabaseError {
  const see = logFile === undefined ? "" : ` (see ${logFile})`;
  if (/No space left on device|Disk quota exceeded/i.test(output)) {
    return new LocalDatabaseError(`The disk is full: PostgreSQL could not write its data${see}.`);
  }
  if (/could not bind|Address already in use|could not create any TCP\/IP sockets/i.test(output)) {
    return new PortTakenError("The port for PostgreSQL is already in use by another program.");
  }
  if (/Permission denied/i.test(output)) {
    return new LocalDatabaseError(
      `PostgreSQL may not read or write its data folder: permission denied${see}.`,
    );
  }
  const fatal = /(?:FATAL|PANIC|error):\s*(.+)/.exec(output)?.[1] ?? output.trim().split("\n").at(-1) ?? "";
  return new LocalDatabaseError(
    `PostgreSQL could not be started: ${fatal || "it ended without a word"}${see}.`,
  );
}

async function stopPostmaster(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const patience = (ms: number) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
    return Promise.race([ended.then(() => true), late]).finally(() => clearTimeout(timer));
  };
  child.ref();
  // Fast shutdown: sessions are ended, everything is written. Then immediate: the next start replays the log.
  child.kill("SIGINT");
  if (await patience(60_000)) return;
  child.kill("SIGQUIT");
  if (await patience(10_000)) return;
  child.kill("SIGKILL");
  await ended;
}

/**
 * Makes way for a new server on this cluster: stops one that an earlier, killed run left behind, and removes a
 * pid file whose number now belongs to another program, which PostgreSQL itself would take for a running server.
 * Only for the holder of the folder's lock.
 */
export async function clearOldPostmaster(folder: DataFolder): Promise<void> {
  const pid = Number(readPidFile(folder)[0]);
  if (!Number.isInteger(pid) || pid <= 1 || describeProcess(pid) === null) return;
  // A server works in its cluster's folder, so this is true even when the folder was moved under it.
  const workFolder = processFolder(pid);
  if (workFolder === null) return; // Somebody else's process: PostgreSQL itself sees that it is no server of ours.
  if (workFolder !== folder.cluster) {
    rmSync(pidFile(folder), { force: true });
    return;
  }
  for (const [signal, patienceMs] of [
    ["SIGINT", 60_000],
    ["SIGQUIT", 10_000],
  ] as const) {
    process.kill(pid, signal);
    if (await waitForProcessEnd(pid, patienceMs)) return;
  }
  throw new LocalDatabaseError(`An earlier PostgreSQL (process ${pid}) on ${folder.cluster} does not stop.`);
}

function pidFile(folder: DataFolder): string {
  return join(folder.cluster, "postmaster.pid");
}

function readPidFile(folder: DataFolder): string[] {
  try {
    return readFileSync(pidFile(folder), "utf8").split("\n");
  } catch {
    return [];
  }
}
