import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "./command-error";

/** A copy that is just being stopped needs a moment to give its port back. */
const PATIENCE_MS = 4000;

/**
 * Makes sure that a web server can listen on the port and that `localhost` will lead to it and nobody else.
 * @throws CommandError with one sentence
 */
export async function claimPort(host: string, port: number, patienceMs = PATIENCE_MS): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const problem = await portProblem(host, port);
    if (problem === null) return;
    if (!problem.passing || Date.now() >= deadline) throw new CommandError(problem.sentence);
    await sleep(200);
  }
}

type Problem = { sentence: string; passing: boolean };

async function portProblem(host: string, port: number): Promise<Problem | null> {
  // A browser may go to either address for "localhost", and macOS lets two servers share a port at different ones.
  const answers = await Promise.all(["127.0.0.1", "::1"].map((address) => isAnswered(address, port)));
  const code = answers.includes(true) ? "EADDRINUSE" : await tryListening(host, port);
  if (code === null) return null;
  const passing = code === "EADDRINUSE";
  return { sentence: explain(code, host, port), passing };
}

function explain(code: string, host: string, port: number): string {
  const other = port === 65_535 ? 3001 : port + 1;
  if (code === "EADDRINUSE") {
    return `Port ${port} is already in use by another program: stop that one, or choose another port with --port ${other}.`;
  }
  if (code === "EACCES") {
    return `This user may not listen on port ${port}: choose one above 1023 with --port ${other > 1023 ? other : 3000}.`;
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return `This machine has no address ${host} to listen at: choose another --host.`;
  }
  return `Port ${port} at ${host} cannot be used: ${code}.`;
}

function isAnswered(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1000, () => settle(false));
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}

/** The error's code, or null when it worked. */
function tryListening(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
