import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { asAccount } from "@/scripts/local/account";
import { findBinaries } from "@/scripts/local/binaries";
import { eraseCluster, openDataFolder } from "@/scripts/local/data-folder";
import { LocalDatabaseError } from "@/scripts/local/local-database-error";
import { type LocalPostgres, startPostgres } from "@/scripts/local/postgres";
import { explainFailure, serverEnvironment } from "@/scripts/local/postmaster";
import { describeProcess } from "@/scripts/local/processes";
import { type TestFolder, makeTestFolder } from "../helpers/test-folder";

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Waits for something that happens in another process. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

let folder: TestFolder;
let dataDir: string;
let running: LocalPostgres | undefined;

async function start(
  options: { port?: number; fresh?: boolean; durable?: boolean } = {},
): Promise<LocalPostgres> {
  running = await startPostgres({ dataDir, durable: false, ...options });
  return running;
}

async function failure(options: { port?: number; dataDir?: string } = {}): Promise<string> {
  const error: unknown = await startPostgres({ dataDir, durable: false, ...options }).catch(
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(LocalDatabaseError);
  return error instanceof Error ? error.message : "";
}

beforeAll(() => {
  folder = makeTestFolder();
  dataDir = join(folder.path, "data");
});
afterEach(() => running?.stop());
afterAll(() => {
  eraseCluster(openDataFolder(dataDir));
  folder.remove();
});

describe("the local PostgreSQL", () => {
  it("is version 17 with Unicode's rules for letters, on every system the same", async () => {
    const { superuserUrl, ownerUrl } = await start();
    const [row] = await query(
      superuserUrl,
      `select current_setting('server_version_num')::int / 10000 as major,
              datlocprovider::text || datlocale as locale, pg_encoding_to_char(encoding) as encoding
       from pg_database where datname = 'cairn'`,
    );
    expect(row).toEqual({ major: 17, locale: "bC.UTF-8", encoding: "UTF8" });
    const [letters] = await query(
      ownerUrl,
      `select lower('ÄRGER ПРИВЕТ ΣΊΣΥΦΟΣ') as lower, to_tsvector('simple', 'ПРИВЕТ')::text as lexeme,
              similarity('ÜBUNG', 'übung') as similarity, unaccent('Ærøskøbing') as unaccented`,
    );
    expect(letters).toEqual({
      lower: "ärger привет σίσυφοσ",
      lexeme: "'привет':1",
      similarity: 1,
      unaccented: "AEroskobing",
    });
  });

  it("gives the owner what Neon's owner has, and no more", async () => {
    const { ownerUrl } = await start();
    const [role] = await query(
      ownerUrl,
      `select rolname, rolsuper, rolcanlogin, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication,
              pg_get_userbyid(datdba) as database_owner
       from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
    );
    expect(role).toEqual({
      rolname: "cairn_owner",
      rolsuper: false,
      rolcanlogin: true,
      rolcreatedb: true,
      rolcreaterole: true,
      rolbypassrls: true,
      rolreplication: false,
      database_owner: "cairn_owner",
    });
  });

  it("has the extensions in its database and in every database made later", async () => {
    const { superuserUrl, ownerUrl } = await start();
    await query(superuserUrl, "create database later");
    const names =
      "select array_agg(extname::text order by extname) as names from pg_extension where extname <> 'plpgsql'";
    const expected = [{ names: ["btree_gin", "pg_stat_statements", "pg_trgm", "pgcrypto", "unaccent"] }];
    expect(await query(ownerUrl, names)).toEqual(expected);
    expect(await query(superuserUrl.replace(/postgres$/, "later"), names)).toEqual(expected);
    const [statistics] = await query(ownerUrl, "select count(*) > 0 as collected from pg_stat_statements");
    expect(statistics).toEqual({ collected: true });
  });

  it("listens on loopback only, with no socket file, and lets nobody in without a password", async () => {
    const { superuserUrl, port } = await start();
    const settings =
      "select current_setting('listen_addresses') as a, current_setting('unix_socket_directories') as s";
    expect(await query(superuserUrl, settings)).toEqual([{ a: "127.0.0.1", s: "" }]);
    await expect(
      query(`postgresql://postgres:wrong@127.0.0.1:${port}/postgres`, "select 1"),
    ).rejects.toMatchObject({
      code: "28P01",
    });
  });

  it("keeps passwords where only their owner can read them", async () => {
    await start();
    expect(statSync(join(dataDir, "local-database.json")).mode & 0o777).toBe(0o600);
  });

  it("keeps data, addresses and passwords over a stop and a start", async () => {
    const first = await start();
    await query(first.ownerUrl, "create table kept as select 42 as answer");
    await first.stop();
    expect(describeProcess(first.pid)).toBeNull();
    const second = await start();
    expect(second.ownerUrl).toBe(first.ownerUrl);
    expect(await query(second.ownerUrl, "select answer from kept")).toEqual([{ answer: 42 }]);
  });

  it("deletes the data when asked to start afresh", async () => {
    await start({ fresh: true });
    expect(await query((await restart()).ownerUrl, "select to_regclass('kept') as kept")).toEqual([
      { kept: null },
    ]);
  });
});

async function restart(): Promise<LocalPostgres> {
  await running?.stop();
  return start();
}

describe("a second copy on the same data folder", () => {
  it("is refused in one sentence, and the first goes on", async () => {
    const { ownerUrl } = await start();
    expect(await failure()).toMatch(
      /^Another copy of Cairn \(process \d+\) already uses the data folder .*\.$/,
    );
    expect(await query(ownerUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("may start when the first has stopped", async () => {
    await start();
    const { ownerUrl } = await restart();
    expect(await query(ownerUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  });
});

describe("after an end without warning", () => {
  it("PostgreSQL ends with its parent, even by SIGKILL, and what was committed is there", async () => {
    const command = spawn(
      process.execPath,
      ["--import", "tsx", "scripts/local-database.ts", "--data-dir", dataDir],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    let output = "";
    command.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    await until(() => output.includes("NEON_HTTP_ENDPOINT="));
    const url = /^DATABASE_URL_UNPOOLED=(.*)$/m.exec(output)?.[1] ?? "";
    await query(url, "create table survivor as select 'here' as state");
    const pid = Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
    expect(describeProcess(pid)?.command).toContain("postgres");

    command.kill("SIGKILL");
    await once(command, "exit");
    await until(() => describeProcess(pid) === null);
    const { ownerUrl } = await start();
    expect(await query(ownerUrl, "select state from survivor")).toEqual([{ state: "here" }]);
  });

  it("a crashed PostgreSQL is noticed, and the next start recovers what was committed", async () => {
    const first = await start({ durable: true });
    await query(first.ownerUrl, "create table crash as select 1 as one");
    process.kill(first.pid, "SIGKILL");
    await first.ended;
    await first.stop();
    const { ownerUrl } = await start();
    expect(await query(ownerUrl, "select one from crash")).toEqual([{ one: 1 }]);
  });

  it("a PostgreSQL that was left behind on the folder is stopped first", async () => {
    const first = await start();
    await first.stop();
    const { cluster, account } = openDataFolder(dataDir);
    const orphan = spawn(
      findBinaries(account).postgres,
      [
        "-D",
        cluster,
        "-c",
        `port=${first.port}`,
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=",
      ],
      { ...asAccount(account), env: serverEnvironment(), detached: true, stdio: "ignore" },
    );
    const exit = once(orphan, "exit");
    await until(
      () => existsSync(join(cluster, "postmaster.pid")) && readPidFile(cluster)[7]?.trim() === "ready",
    );
    const second = await start();
    await exit;
    expect(second.pid).not.toBe(orphan.pid);
    expect(await query(second.ownerUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("a pid file whose number now belongs to another program does not stop the start", async () => {
    const first = await start();
    const { cluster, account } = openDataFolder(dataDir);
    const pidFile = readFileSync(join(cluster, "postmaster.pid"), "utf8");
    await first.stop();
    // The same account as PostgreSQL's: it does not mind a process of somebody else.
    const other = spawn("sleep", ["600"], { ...asAccount(account), stdio: "ignore" });
    writeFileSync(join(cluster, "postmaster.pid"), pidFile.replace(/^\d+/, String(other.pid)));
    const second = await start();
    expect(await query(second.ownerUrl, "select 1 as one")).toEqual([{ one: 1 }]);
    expect(other.exitCode).toBeNull();
    other.kill();
  });

  it("a lock whose process is gone, or whose number belongs to another process, holds nothing", async () => {
    const lock = join(dataDir, "local-database.lock");
    const { pid } = process;
    for (const stale of [
      "",
      "no json",
      JSON.stringify({ pid, startTime: "long ago" }),
      JSON.stringify({ pid: 0 }),
    ]) {
      writeFileSync(lock, stale);
      await start();
      await running?.stop();
    }
    expect(existsSync(lock)).toBe(false);
  });

  it("a first start that was cut off leaves nothing in the way", async () => {
    const leftover = join(dataDir, ".initdb-00000000-0000-4000-8000-000000000000");
    mkdirSync(leftover);
    writeFileSync(join(leftover, "PG_VERSION"), "17\n");
    await start({ fresh: true });
    expect(existsSync(leftover)).toBe(false);
  });

  it("lost passwords are set anew, and the data stays", async () => {
    const first = await start();
    await query(first.ownerUrl, "create table treasure as select 1 as one");
    await first.stop();
    rmSync(join(dataDir, "local-database.json"));
    const second = await start();
    expect(second.ownerUrl).not.toBe(first.ownerUrl);
    expect(await query(second.ownerUrl, "select one from treasure")).toEqual([{ one: 1 }]);
  });
});

describe("what stands in the way is said in one sentence", () => {
  it("a port that is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? address?.port : undefined;
    expect(await failure({ port: port ?? 0 })).toBe(
      `Port ${port} for PostgreSQL is already in use by another program; choose another.`,
    );
    other.close();
  });

  it("only a port that was asked for: another one is taken when the last run's is in use", async () => {
    const first = await start();
    await first.stop();
    const other = createServer().listen(first.port, "127.0.0.1");
    await once(other, "listening");
    const second = await start();
    expect(second.port).not.toBe(first.port);
    other.close();
  });

  it("data of another major version, which stays as it is", async () => {
    await start();
    await running?.stop();
    const version = join(dataDir, "postgres", "PG_VERSION");
    writeFileSync(version, "16\n");
    expect(await failure()).toMatch(/was made by PostgreSQL 16 and this is PostgreSQL 17/);
    writeFileSync(version, "17\n");
    await start();
  });

  it("a folder that holds other files", async () => {
    const elsewhere = join(folder.path, "elsewhere");
    mkdirSync(join(elsewhere, "postgres"), { recursive: true });
    writeFileSync(join(elsewhere, "postgres", "thesis.txt"), "ten years of work");
    expect(await failure({ dataDir: elsewhere })).toMatch(/holds files but no PostgreSQL database/);
    expect(readFileSync(join(elsewhere, "postgres", "thesis.txt"), "utf8")).toBe("ten years of work");
  });

  it("a file where the folder should be", async () => {
    const file = join(folder.path, "file");
    writeFileSync(file, "");
    expect(await failure({ dataDir: file })).toBe(
      `The data folder ${file} cannot be used: a file stands where a folder is needed.`,
    );
  });

  it("a link to data that is gone", async () => {
    const dangling = join(folder.path, "dangling");
    mkdirSync(dangling);
    symlinkSync(join(folder.path, "nowhere"), join(dangling, "postgres"));
    expect(await failure({ dataDir: dangling })).toMatch(/leads to a folder that is gone/);
  });

  it("a full disk, a port lost at the last moment, and anything else that PostgreSQL says", () => {
    expect(said('FATAL:  could not write lock file "postmaster.pid": No space left on device')).toBe(
      "The disk is full: PostgreSQL could not write its data (see /data/postgres.log).",
    );
    expect(said('LOG:  could not bind IPv4 address "127.0.0.1": Address already in use')).toBe(
      "The port for PostgreSQL is already in use by another program.",
    );
    expect(said("FATAL:  database files are incompatible with server\nDETAIL:  …")).toBe(
      "PostgreSQL could not be started: database files are incompatible with server (see /data/postgres.log).",
    );
    expect(said("")).toMatch(/ended without a word/);
  });
});

describe.runIf(process.getuid?.() === 0)("as root", () => {
  it("runs PostgreSQL as an account that is not root, and owns none of its own files away from the caller", async () => {
    const { pid } = await start();
    const uid = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
    expect(uid).toBeGreaterThan(0);
    expect(statSync(join(dataDir, "postgres")).uid).toBe(uid);
    expect(statSync(join(dataDir, "local-database.json")).uid).toBe(0);
  });

  it("works in a folder that only root may enter, through a link to where PostgreSQL may", async () => {
    const closed = join(folder.path, "closed");
    mkdirSync(closed, { mode: 0o700 });
    const postgres = await startPostgres({ dataDir: join(closed, ".data"), durable: false });
    await query(postgres.ownerUrl, "create table t as select 1 as one");
    await postgres.stop();
    const link = join(closed, ".data", "postgres");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);

    const again = await startPostgres({ dataDir: join(closed, ".data"), durable: false });
    expect(await query(again.ownerUrl, "select one from t")).toEqual([{ one: 1 }]);
    await again.stop();

    // Deleting the data folder starts afresh, but what only its link led to is still there, and is named.
    const home = dirname(realpathSync(link));
    rmSync(join(closed, ".data"), { recursive: true });
    const sentences: string[] = [];
    const fresh = await startPostgres({
      dataDir: join(closed, ".data"),
      durable: false,
      log: (message) => sentences.push(message),
    });
    expect(await query(fresh.ownerUrl, "select to_regclass('t') as t")).toEqual([{ t: null }]);
    await fresh.stop();
    expect(sentences.filter((sentence) => sentence.includes(home))).toHaveLength(1);
    expect(existsSync(join(home, "postgres", "PG_VERSION"))).toBe(true);

    const newHome = dirname(realpathSync(link));
    eraseCluster(openDataFolder(join(closed, ".data")));
    expect(existsSync(newHome)).toBe(false);
    rmSync(home, { recursive: true });
  });
});

function said(output: string): string {
  return explainFailure(output, "/data/postgres.log").message;
}

function readPidFile(cluster: string): string[] {
  return readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
}
