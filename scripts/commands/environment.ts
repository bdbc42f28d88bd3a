import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CommandError } from "./command-error";
import { searchPath } from "./project";

/** What a process is started with. */
export type Environment = Record<string, string>;

/** At least what lib/env.ts asks for. */
const SECRET_BYTES = 33;
const SECRET_LENGTH = 32;

/** Reads `.env` into process.env where there is one; what is set already wins. */
export function loadDotEnv(folder: string): void {
  const file = join(folder, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
}

/** A variable's value; an empty one counts as not set, as .env files leave them. */
export function variable(name: string): string | undefined {
  return process.env[name] || undefined;
}

/** The variables that mean something to Cairn, to Next or to PostgreSQL's clients. */
const OURS =
  /^(DATABASE_URL.*|NEON_.*|AUTH_.*|NEXTAUTH_.*|PORT|HOST|HOSTNAME|CRON_SECRET|SLOW_QUERY_MS|NODE_ENV|BASE_URL|CAIRN_.*|VERCEL.*|NEXT_.*|__NEXT_.*|TURBO.*|PG[A-Z]+|POSTGRES.*|PLAYWRIGHT_(JSON|HTML|JUNIT|BLOB)_.*|VITEST.*)$/;

/**
 * The person's own environment without anything that could lead a test to another database, another site or another
 * kind of build, so that tests give the same result in every shell. No `.env` is read.
 */
export function hermeticEnvironment(variables: NodeJS.ProcessEnv, more: Environment = {}): Environment {
  const kept = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !OURS.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    PATH: searchPath(variables.PATH),
    NEXT_TELEMETRY_DISABLED: "1",
    ...more,
  };
}

/**
 * The secret of this clone, made at its first use and kept in the data folder, readable by its owner only.
 * @throws CommandError when the file does not hold a secret
 */
export function keptSecret(folder: string): string {
  const file = join(folder, "auth-secret");
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) writeOnce(file, `${randomBytes(SECRET_BYTES).toString("base64url")}\n`);
  const secret = readFileSync(file, "utf8").trim();
  if (secret.length < SECRET_LENGTH) {
    throw new CommandError(
      `${file} should hold a secret of at least ${SECRET_LENGTH} characters; delete it and a new one is made (everybody has to sign in again).`,
    );
  }
  return secret;
}

/** Whole or not at all, and never over what another copy wrote in the same moment. */
function writeOnce(file: string, content: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, content, { mode: 0o600, flush: true });
    chmodSync(draft, 0o600);
    // What root writes into another user's folder must stay that user's.
    const { uid, gid } = statSync(dirname(file));
    if (process.getuid?.() === 0) chownSync(draft, uid, gid);
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * What the app, the migrations and the seed are given.
 *
 * A generated secret is refused for a database elsewhere: app_user's password is derived from the secret, so a new one
 * would lock out whoever runs on that database now.
 * @throws CommandError
 */
export function chooseSecret(folder: string, databaseUrl: string | undefined): string {
  const given = variable("AUTH_SECRET");
  if (given !== undefined) {
    if (given.length >= SECRET_LENGTH) return given;
    throw new CommandError(`AUTH_SECRET must have at least ${SECRET_LENGTH} characters.`);
  }
  if (databaseUrl !== undefined && !isThisMachine(databaseUrl)) {
    throw new CommandError(
      "DATABASE_URL leads to another machine, so set AUTH_SECRET too: app_user's password in that database is derived from it, and a new secret would lock out whoever uses the database now.",
    );
  }
  return keptSecret(folder);
}

function isThisMachine(url: string): boolean {
  return (
    URL.canParse(url) && /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname)
  );
}
