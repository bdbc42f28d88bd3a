import { request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Endpoint } from "@/scripts/local/endpoint";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { type Target, batch, post, proxyError, single, startTestEndpoint } from "../helpers/endpoint-client";

let database: TestDatabase;
let endpoint: Endpoint;
let target: Target;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.sql("create table kept (n int)");
  endpoint = await startTestEndpoint({ maxRequestBytes: 10_000, maxResponseBytes: 10_000 });
  target = { endpoint: endpoint.url, databaseUrl: database.databaseUrl };
});
afterEach(() => database.sql("truncate kept"));
afterAll(async () => {
  await endpoint.stop();
  await database.drop();
});

async function kept(): Promise<number> {
  const [row] = await database.sql<{ count: number }>("select count(*)::int from kept");
  return row?.count ?? 0;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** How many statements with this mark PostgreSQL is running. */
async function runningStatements(mark: string): Promise<number> {
  const query =
    "select count(*)::int from pg_stat_activity where state <> 'idle' and query like $1 and pid <> pg_backend_pid()";
  const [row] = await database.sql<{ count: number }>(query, [`%${mark}%`]);
  return row?.count ?? 0;
}

function bodyOfSize(bytes: number): string {
  const empty = JSON.stringify({ query: "select length($1)", params: [""] });
  return JSON.stringify({ query: "select length($1)", params: ["x".repeat(bytes - empty.length)] });
}

describe("a request", () => {
  it("may be as large as the limit, and no larger", async () => {
    expect((await post(target, bodyOfSize(10_000))).status).toBe(200);
    const answer = await post(target, bodyOfSize(10_001));
    expect(answer.status).toBe(413);
    expect(answer.error).toEqual(proxyError("request is too large (max is 10000 bytes)"));
    expect(answer.headers.get("connection")).toBe("close");
  });

  it("that is far too large is answered too, whether it says its size or not", async () => {
    for (const size of [5_000_000, undefined]) {
      const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
        const upload = request(endpoint.url, {
          method: "POST",
          headers: {
            "Neon-Connection-String": target.databaseUrl,
            ...(size === undefined ? { "Transfer-Encoding": "chunked" } : { "Content-Length": size }),
          },
        });
        upload.once("error", reject);
        upload.once("response", (response) => {
          let text = "";
          response.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
          response.on("end", () => resolve({ status: response.statusCode, text }));
        });
        for (let sent = 0; sent < 5_000_000; sent += 50_000) upload.write("x".repeat(50_000));
        upload.end();
      });
      expect(answer.status).toBe(413);
      expect(JSON.parse(answer.text)).toMatchObject({ message: "request is too large (max is 10000 bytes)" });
    }
  });
});

describe("an answer", () => {
  it.each([
    ["raw text", { "Neon-Raw-Text-Output": "true" }],
    ["JSON values", {}],
  ])("that is too large is 507, as %s", async (_, headers) => {
    const { status, error } = await single(
      target,
      "select repeat('x', 11000)",
      [],
      headers as Record<string, string>,
    );
    expect(status).toBe(507);
    expect(error).toEqual(proxyError("response is too large (max is 10000 bytes)"));
    expect((await single(target, "select repeat('x', 9000)")).status).toBe(200);
  });

  it("is counted over all statements of a batch, which then leaves nothing", async () => {
    const { status } = await batch(target, [
      "insert into kept values (1)",
      "select repeat('x', 6000)",
      "select repeat('x', 6000)",
    ]);
    expect(status).toBe(507);
    expect(await kept()).toBe(0);
  });

  it("of a single statement that wrote is 507 although it has written, as with the real proxy", async () => {
    const write = "insert into kept select n from generate_series(1, 3000) n returning repeat('x', 100)";
    expect((await single(target, write)).status).toBe(507);
    expect(await kept()).toBe(3000);
  });

  it("without end is cut off", async () => {
    const endless = "select 'endless', generate_series(1, 1000000000000)";
    const answers = await Promise.all([single(target, endless), batch(target, [endless])]);
    expect(answers.map(({ status }) => status)).toEqual([507, 507]);
    await until(async () => (await runningStatements("endless")) === 0);
  });
});

describe("a client that goes away", () => {
  it.each(["single", "batch"])("has its statement cancelled (%s)", async (kind) => {
    const query = `select pg_sleep(600) /* ${kind} gone */`;
    const abort = new AbortController();
    const body =
      kind === "single" ? { query } : { queries: [{ query: "insert into kept values (1)" }, { query }] };
    const answer = post(target, JSON.stringify(body), {}, abort.signal);
    await until(async () => (await runningStatements(`${kind} gone`)) === 1);
    abort.abort();
    await expect(answer).rejects.toThrow("aborted");
    await until(async () => (await runningStatements(`${kind} gone`)) === 0);
    expect(await kept()).toBe(0);
    expect((await single(target, "select 1")).status).toBe(200);
  });

  it("while waiting for a connection takes none", async () => {
    const narrow = await startTestEndpoint({ maxConnections: 1 });
    const narrowTarget = { ...target, endpoint: narrow.url };
    await database.sql("select pg_advisory_lock(98)");
    const slow = single(narrowTarget, "select pg_advisory_xact_lock_shared(98) /* slow */");
    await until(async () => (await runningStatements("slow")) === 1);
    const abort = new AbortController();
    const waiting = post(narrowTarget, '{"query":"insert into kept values (1)"}', {}, abort.signal);
    setTimeout(() => abort.abort(), 50);
    await expect(waiting).rejects.toThrow("aborted");
    await database.sql("select pg_advisory_unlock(98)");
    expect((await slow).status).toBe(200);
    expect((await single(narrowTarget, "select 1")).status).toBe(200);
    expect(await kept()).toBe(0);
    await narrow.stop();
  });
});

describe("stopping the endpoint", () => {
  it("ends what is under way", async () => {
    const doomed = await startTestEndpoint();
    const query = "select pg_sleep(600) /* doomed */";
    const answer = single({ ...target, endpoint: doomed.url }, query).catch((error: unknown) => error);
    await until(async () => (await runningStatements("doomed")) === 1);
    await doomed.stop();
    expect(await answer).toMatchObject({ message: "fetch failed" });
    await until(async () => (await runningStatements("doomed")) === 0);
  });
});
