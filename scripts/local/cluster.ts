import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Client, DatabaseError, escapeIdentifier, escapeLiteral } from "pg";
import { asAccount } from "./account";
import type { DataFolder } from "./data-folder";
import { LocalDatabaseError } from "./local-database-error";
import { explainFailure, serverEnvironment } from "./postmaster";
import { type SavedState, stateFile } from "./saved-state";

export const majorVersion = 17;
export const ownerRole = "cairn_owner";
export const databaseName = "cairn";

/** Whether the cluster is there; throws when what is there cannot be used by this PostgreSQL. */
export function clusterExists(folder: DataFolder): boolean {
  if (!existsSync(folder.cluster)) return false;
  const versionFile = join(folder.cluster, "PG_VERSION");
  if (!existsSync(versionFile)) {
    if (readdirSync(folder.cluster).length === 0) return false;
    throw new LocalDatabaseError(
      `${folder.cluster} holds files but no PostgreSQL database; choose another data folder.`,
    );
  }
  const version = readFileSync(versionFile, "utf8").trim();
  if (version !== String(majorVersion)) {
    throw new LocalDatabaseError(
      `The data in ${folder.cluster} was made by PostgreSQL ${version} and this is PostgreSQL ${majorVersion}; choose another data folder, or start afresh with --fresh (which deletes it).`,
    );
  }
  return true;
}

/**
 * Makes the cluster in a folder beside its place and moves it there when it is whole, so that a first start that is
 * cut off leaves nothing that looks like a database.
 */
export async function createCluster(
  folder: DataFolder,
  initdb: string,
  superuserPassword: string,
  durable: boolean,
): Promise<void> {
  const home = dirname(folder.cluster);
  const passwordFile = join(home, `.password-${randomUUID()}`);
  const draft = join(home, `.initdb-${randomUUID()}`);
  try {
    for (const name of readdirSync(home)) {
      if (/^\.(initdb|password)-[0-9a-f-]{36}$/.test(name))
        rmSync(join(home, name), { recursive: true, force: true });
    }
    mkdirSync(draft, { mode: 0o700 });
    writeFileSync(passwordFile, `${superuserPassword}\n`, { mode: 0o600 });
    if (folder.account !== null) {
      for (const path of [draft, passwordFile]) chownSync(path, folder.account.uid, folder.account.gid);
    }
    await run(folder, initdb, [
      `--pgdata=${draft}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      // The built-in provider sorts and changes case in the same way on every system …
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--locale=C",
      // … but full-text search and pg_trgm still ask the C library what a letter is. macOS has no C.UTF-8.
      `--lc-ctype=${process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8"}`,
      ...(durable ? [] : ["--no-sync"]),
    ]);
    rmSync(folder.cluster, { recursive: true, force: true }); // At most an empty folder.
    renameSync(draft, folder.cluster);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

/** For a cluster whose passwords were lost: whoever owns its files may set new ones in single-user mode. */
export async function resetSuperuserPassword(
  folder: DataFolder,
  postgres: string,
  password: string,
): Promise<void> {
  const statement = `alter role postgres password ${escapeLiteral(password)}\n`;
  await run(folder, postgres, ["--single", "-D", folder.cluster, "postgres"], statement);
}

function run(folder: DataFolder, program: string, args: string[], input = ""): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...asAccount(folder.account),
      env: serverEnvironment(),
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => {}); // It ended without reading; its own words say why.
    child.stdin.end(input);
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    child.once("error", (error) =>
      reject(new LocalDatabaseError(`PostgreSQL could not be set up: ${error.message}.`)),
    );
    child.once("close", (code) => (code === 0 ? resolve() : reject(explainFailure(output))));
  });
}

const extensions = ["unaccent", "pg_trgm", "btree_gin", "pgcrypto", "pg_stat_statements"];

/**
 * Brings a running cluster to the state that Cairn expects, like a new Neon project: an owner that is no superuser
 * but may make databases and roles and passes over row-level security, its database, and the extensions. Every step
 * may be repeated, so a first start that was cut off is finished by the next one.
 */
export async function provisionCluster(folder: DataFolder, port: number, state: SavedState): Promise<void> {
  try {
    await provision(port, state);
  } catch (error) {
    throw explainProvisionError(error, folder);
  }
}

function explainProvisionError(error: unknown, folder: DataFolder): unknown {
  if (!(error instanceof DatabaseError)) return error;
  if (error.code === "28P01") {
    return new LocalDatabaseError(
      `The passwords in ${stateFile(folder.path)} are not those of the database; delete that file to have new ones set.`,
      { cause: error },
    );
  }
  const reason = error.code === "53100" ? "the disk is full" : error.message;
  return new LocalDatabaseError(`The database could not be prepared: ${reason}.`, { cause: error });
}

async function provision(port: number, state: SavedState): Promise<void> {
  const connection = {
    host: "127.0.0.1",
    port,
    user: "postgres",
    password: state.superuserPassword,
    ssl: false,
  };
  await withClient({ ...connection, database: "postgres" }, async (client) => {
    const owner = escapeIdentifier(ownerRole);
    const { rows: roles } = await client.query("select from pg_roles where rolname = $1", [ownerRole]);
    await client.query(
      `${roles.length === 0 ? "create" : "alter"} role ${owner} with login createdb createrole bypassrls
         password ${escapeLiteral(state.ownerPassword)}`,
    );
    // What neon_superuser, the group of Neon's own owner roles, has beyond that.
    await client.query(
      `grant pg_read_all_data, pg_write_all_data to ${owner};
       grant pg_monitor, pg_signal_backend to ${owner} with admin option`,
    );
  });
  await withClient({ ...connection, database: "template1" }, addExtensions);
  await withClient({ ...connection, database: "postgres" }, async (client) => {
    const { rows } = await client.query("select from pg_database where datname = $1", [databaseName]);
    if (rows.length === 0) {
      await client.query(
        `create database ${escapeIdentifier(databaseName)} owner ${escapeIdentifier(ownerRole)} template template1`,
      );
    }
  });
  await withClient({ ...connection, database: databaseName }, addExtensions);
}

async function addExtensions(client: Client): Promise<void> {
  for (const extension of extensions) await client.query(`create extension if not exists ${extension}`);
}

async function withClient(
  config: ConstructorParameters<typeof Client>[0],
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client(config);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
