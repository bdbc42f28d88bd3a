import { parseArgs } from "node:util";
import { CommandError } from "./command-error";

export type StartOptions = { dev: boolean; help: boolean; port: number; host: string };

export type TestCommand = "all" | "check" | "e2e" | "soak";
export type TestOptions = {
  command: TestCommand;
  help: boolean;
  playwrightArguments: string[];
  soak: SoakOptions;
};

/** How long random writes are tried against the model, and where the random numbers begin. */
export type SoakOptions = { minutes: number; seed: number };

const SOAK_MINUTES = 10;
const SOAK_SEED_MAX = 2 ** 31 - 1;

const DEFAULT_PORT = 3000;
/** Only this machine: the demo person's password is in the source. `localhost` in a browser leads here too. */
const DEFAULT_HOST = "127.0.0.1";

export const startUsage = `Usage: pnpm start [--port N] [--host H]
       pnpm dev   [--port N] [--host H]

Runs all of Cairn on this machine until Ctrl-C; dev is the same with the development server.
  --port N, -p N  the web server's port (default: PORT, else ${DEFAULT_PORT})
  --host H        the address that it listens at (default: ${DEFAULT_HOST}; 0.0.0.0 lets other machines in)`;

export const testUsage = `Usage: pnpm test | pnpm check | pnpm e2e [arguments for Playwright]
       pnpm test:soak [--minutes N] [--seed S]

test   types, lint, format, unit and integration tests, production build, tests in a browser
check  the part without a build and a browser
e2e    the part with them; whatever follows goes to Playwright, such as a file's name or --headed.
       CHROMIUM_PATH names the browser's program when the one that is found is not the one to use.
soak   random writes of two people against a model of them, with faults on the way, for N minutes (default: ${SOAK_MINUTES}):
       prints what it counts every 30 seconds, and the smallest sequence that fails. Seeds count up from S (default: any).`;

/**
 * Reads the command line of start and dev; the port may also come from PORT.
 * @throws CommandError
 */
export function readStartArguments(args: string[], variables: { PORT?: string | undefined }): StartOptions {
  const { values } = explainingUsage(
    () =>
      parseArgs({
        // pnpm passes on the "--" of `pnpm start -- --port 4000`.
        args: args.filter((argument) => argument !== "--"),
        options: {
          dev: { type: "boolean", default: false },
          port: { type: "string", short: "p" },
          host: { type: "string", default: DEFAULT_HOST },
          help: { type: "boolean", short: "h", default: false },
        },
      }),
    startUsage,
  );
  if (values.host === "") throw new CommandError("--host needs an address, such as 0.0.0.0.");
  return {
    dev: values.dev,
    help: values.help,
    host: values.host,
    port: choosePort(values.port, variables.PORT),
  };
}

function choosePort(flag: string | undefined, variable: string | undefined): number {
  if (flag !== undefined) return readPort("--port", flag);
  return variable ? readPort("PORT", variable) : DEFAULT_PORT;
}

function readPort(name: string, text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new CommandError(`${name} must be a whole number from 1 to 65535, not "${text}".`);
}

/**
 * Reads the command line of test, check, e2e and test:soak.
 * @throws CommandError
 */
export function readTestArguments(args: string[]): TestOptions {
  const [command, ...rest] = args;
  if (command !== "all" && command !== "check" && command !== "e2e" && command !== "soak") {
    throw new CommandError(testUsage);
  }
  const given = rest.filter((argument) => argument !== "--");
  const help = given.includes("--help") || given.includes("-h");
  const soak = readSoakArguments(command === "soak" && !help ? given : []);
  if (help || command === "soak") return { command, help, playwrightArguments: [], soak };
  if (command !== "e2e" && given.length > 0) {
    throw new CommandError(
      `This command takes no arguments, and got ${given.join(" ")}. Run some tests only: pnpm unit ${given.join(" ")}`,
    );
  }
  return { command, help, playwrightArguments: given, soak };
}

function readSoakArguments(args: string[]): SoakOptions {
  const { values } = explainingUsage(
    () => parseArgs({ args, options: { minutes: { type: "string" }, seed: { type: "string" } } }),
    testUsage,
  );
  const { minutes = String(SOAK_MINUTES), seed = String(Math.floor(Math.random() * SOAK_SEED_MAX)) } = values;
  if (!/^\d{1,4}(\.\d{1,3})?$/.test(minutes) || Number(minutes) === 0) {
    throw new CommandError(`--minutes must be a number such as 10 or 0.5, not "${minutes}".`);
  }
  if (!/^\d{1,10}$/.test(seed) || Number(seed) > SOAK_SEED_MAX) {
    throw new CommandError(`--seed must be a whole number from 0 to ${SOAK_SEED_MAX}, not "${seed}".`);
  }
  return { minutes: Number(minutes), seed: Number(seed) };
}

function explainingUsage<Result>(parse: () => Result, usage: string): Result {
  try {
    return parse();
  } catch (error) {
    // Node's own message goes on about how to pass such a thing as a positional argument.
    if (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")) {
      throw new CommandError(`${error.message.split(". ")[0]}.\n\n${usage}`, { cause: error });
    }
    throw error;
  }
}
