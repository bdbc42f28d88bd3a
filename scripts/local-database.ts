import { parseArgs } from "node:util";
import { startLocalDatabase } from "./local/database";
import { LocalDatabaseError } from "./local/local-database-error";

const usage = `Usage: pnpm db:local [--data-dir D] [--pg-port N] [--http-port N] [--fresh]

Runs the local database until Ctrl-C and prints its addresses when it is ready.
  --data-dir D   where the data lives (default: .data)
  --pg-port N    PostgreSQL's port (default: that of the last run, else any free one)
  --http-port N  the port of the endpoint that speaks Neon's protocol (likewise)
  --fresh        delete the data first`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      "data-dir": { type: "string", default: ".data" },
      "pg-port": { type: "string" },
      "http-port": { type: "string" },
      fresh: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const database = await startLocalDatabase({
    dataDir: values["data-dir"],
    pgPort: readPort("--pg-port", values["pg-port"]),
    httpPort: readPort("--http-port", values["http-port"]),
    fresh: values.fresh,
    log: (message) => console.error(message),
  });
  const interrupted = nextSignal();
  console.log(`DATABASE_URL=${database.databaseUrl}`);
  console.log(`DATABASE_URL_UNPOOLED=${database.unpooledUrl}`);
  console.log(`NEON_HTTP_ENDPOINT=${database.endpoint}`);

  const end = await Promise.race([interrupted, database.ended]);
  if (end === undefined) {
    throw new LocalDatabaseError("PostgreSQL has ended by itself; see postgres.log in the data folder.");
  }
  console.error("Stopping …");
  await database.stop();
}

/** Settles at the first signal to end; further ones do not cut the orderly stop short. */
function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve(signal));
  });
}

function readPort(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new LocalDatabaseError(`${flag} must be a number from 1 to 65535, not "${text}".`);
  }
  return port;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const expected =
      error instanceof LocalDatabaseError ||
      (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
    console.error(expected ? error.message : error);
    process.exit(1);
  },
);
