import { InterruptedError } from "./command-error";
import { watchLaunchers } from "./launchers";

export type StopRequest = {
  /** Aborted when the command is to stop; the reason is an InterruptedError, or the bug that nothing else caught. */
  signal: AbortSignal;
  /** Rejects with that reason. */
  whenAsked: Promise<never>;
  /** Waits for the work, or gives up waiting when the command is to stop. */
  orStop: <Result>(work: Promise<Result>) => Promise<Result>;
  /** What a second Ctrl-C does before it ends the process at once. */
  onForce: (action: () => void) => void;
};

/** One Ctrl-C may reach us several times: from the terminal, from pnpm, and from tsx. */
const ECHO_MS = 700;

/**
 * Listens for whatever asks the command to stop: Ctrl-C, SIGTERM, the terminal's end, or the end of the npx or pnpm
 * that started it (npx does not pass a SIGTERM on). A second one ends it by force.
 */
export function listenForStop(say: (sentence: string) => void): StopRequest {
  const controller = new AbortController();
  const forced: (() => void)[] = [];
  let askedAt: number | undefined;
  const ask = () => {
    if (askedAt === undefined) {
      askedAt = Date.now();
      controller.abort(new InterruptedError());
    } else if (Date.now() - askedAt > ECHO_MS) {
      say("Stopped by force.");
      for (const action of forced) action();
      process.exit(1);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, ask);
  // These come in addition to others and without a person behind them: they never force.
  const askOnce = () => askedAt ?? ask();
  process.on("SIGHUP", askOnce);
  watchLaunchers(askOnce);
  // The local endpoint lives in this process: whatever goes wrong there, PostgreSQL is still stopped in order.
  process.on("uncaughtException", (error) => controller.abort(error));
  process.stdout.on("error", () => {}); // Nobody reads any more (| head); that is no reason to fail.

  const { signal } = controller;
  const whenAsked = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  whenAsked.catch(() => {}); // Nobody may be waiting at that moment.
  return {
    signal,
    whenAsked,
    orStop: (work) => {
      work.catch(() => {}); // It may fail after we have stopped waiting for it.
      return Promise.race([work, whenAsked]);
    },
    onForce: (action) => void forced.push(action),
  };
}
