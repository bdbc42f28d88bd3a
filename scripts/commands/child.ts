import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { CommandError } from "./command-error";
import type { Environment } from "./environment";
import { projectFolder } from "./project";

export type ChildOptions = {
  env: Environment;
  cwd?: string;
  /** Told every line that the program writes, to either stream. */
  onLine?: (line: string) => void;
};

/** How a program ended. */
export type Ending = {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last part of what it wrote. */
  output: string;
};

export type Child = {
  /** Settles when the program has ended and all that it wrote was read. */
  ended: Promise<Ending>;
  /** Ends it and everything that it started: politely, and by force after a while. */
  stop: (patienceMs?: number) => Promise<void>;
  /** Ends all of it at once. */
  kill: () => void;
};

const PATIENCE_MS = 4000;
const KEPT_LINES = 2000;

/**
 * Starts a program in a process group of its own: a Ctrl-C at the terminal reaches only us, and we end what we started
 * in order. A small watchdog ends it when we are gone without having done so.
 * @throws CommandError when it cannot be started at all
 */
export async function startChild(program: string, args: string[], options: ChildOptions): Promise<Child> {
  const child = spawn(program, args, {
    cwd: options.cwd ?? projectFolder,
    // Next's types make NODE_ENV a must; a program that is not told decides by itself.
    env: options.env as NodeJS.ProcessEnv,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const keep = (line: string) => {
    if (lines.push(line) > KEPT_LINES) lines.shift();
    options.onLine?.(line);
  };
  const ended = new Promise<Ending>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, output: lines.join("\n") }));
  });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", keep);
  const pid = await started(child, program);

  const watchdog = startWatchdog(pid);
  const exited = new Promise<void>((resolve) => {
    // Whatever it started and left behind would hold its output open, and `close` would never come.
    child.once("exit", () => {
      signalGroup(pid, "SIGKILL");
      watchdog.kill("SIGKILL");
      resolve();
    });
  });
  return {
    ended,
    stop: async (patienceMs = PATIENCE_MS) => {
      signalGroup(pid, "SIGTERM");
      const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), patienceMs);
      await exited;
      clearTimeout(timer);
      await ended;
    },
    kill: () => signalGroup(pid, "SIGKILL"),
  };
}

/** Runs a program to its end; ends it when the signal says so. */
export async function runChild(
  program: string,
  args: string[],
  { signal, ...options }: ChildOptions & { signal?: AbortSignal },
): Promise<Ending> {
  const child = await startChild(program, args, options);
  const stop = () => void child.stop();
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted === true) stop();
  try {
    return await child.ended;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function started(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      const missing = "code" in error && error.code === "ENOENT";
      const sentence = missing
        ? `${program} is missing: install what Cairn needs with npx -y pnpm@12 install.`
        : `${program} could not be started: ${error.message}.`;
      reject(new CommandError(sentence, { cause: error }));
    });
    child.once("spawn", () => {
      if (child.pid !== undefined) resolve(child.pid);
    });
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

/** Waits on a pipe that only we hold open: it reads its end when we are gone, however we went. */
function startWatchdog(pid: number): ChildProcess {
  const script = `read -r _; kill -s TERM -- "-$1"; sleep 5; kill -s KILL -- "-$1"`;
  const watchdog = spawn("/bin/sh", ["-c", script, "cairn-watchdog", String(pid)], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watchdog.on("error", () => {});
  watchdog.stdin.on("error", () => {});
  watchdog.unref();
  // The pipe would keep us alive; its type is Writable, which knows nothing of that.
  if ("unref" in watchdog.stdin && typeof watchdog.stdin.unref === "function") watchdog.stdin.unref();
  return watchdog;
}
