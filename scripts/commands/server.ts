import { setTimeout as sleep } from "node:timers/promises";
import { type Child, type Ending, startChild } from "./child";
import { CommandError } from "./command-error";
import type { Environment } from "./environment";
import { packageProgram } from "./project";

export type ServerOptions = {
  dev: boolean;
  host: string;
  port: number;
  env: Environment;
  /** Where the app is, if not here. */
  cwd?: string;
  /** Told what the server writes, and whether it has answered before. */
  onLine: (line: string, ready: boolean) => void;
  signal: AbortSignal;
};

export type Server = Pick<Child, "stop" | "kill"> & {
  /** Settles when the server has ended, whether by stop() or by itself. */
  ended: Promise<Ending>;
};

/** The development server compiles its first page when it is asked for it. */
const START_TIMEOUT_MS = 120_000;
const POLL_MS = 50;

/**
 * Starts Next on a build (or the development server) and waits until it answers.
 * @throws CommandError when it ends before it answers
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { dev, host, port, env, cwd, onLine, signal } = options;
  let ready = false;
  const child = await startChild(
    packageProgram("next"),
    [dev ? "dev" : "start", "--port", String(port), "--hostname", host],
    {
      ...(cwd !== undefined && { cwd }),
      env: { ...env, NODE_ENV: dev ? "development" : "production", PORT: String(port) },
      onLine: (line) => onLine(line, ready),
    },
  );
  let ending: Ending | undefined;
  void child.ended.then((result) => (ending = result));
  const deadline = Date.now() + START_TIMEOUT_MS;
  // 0.0.0.0 and :: are places to listen at, not to ask.
  const address = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const url = `http://${address.includes(":") ? `[${address}]` : address}:${port}/`;
  while (!(await answers(url, signal))) {
    if (signal.aborted) {
      await child.stop();
      throw signal.reason;
    }
    if (ending !== undefined)
      throw new CommandError(
        `${ending.output}\n\nThe web server ended before it answered; its output is above.`,
      );
    if (Date.now() > deadline) {
      await child.stop();
      throw new CommandError(`The web server did not answer at ${url} within ${START_TIMEOUT_MS / 1000} s.`);
    }
    await sleep(POLL_MS);
  }
  ready = true;
  return child;
}

/** Any answer will do: what it says is the pages' business. */
async function answers(url: string, stop: AbortSignal): Promise<boolean> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(START_TIMEOUT_MS)]);
    const response = await fetch(url, { redirect: "manual", signal });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
