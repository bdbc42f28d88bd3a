import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CountingProxy, startCountingProxy } from "../helpers/counting-proxy";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { type Target, batch, single } from "../helpers/endpoint-client";

let database: TestDatabase;
let proxy: CountingProxy;
let target: Target;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.sql("create table t (a int)");
  proxy = await startCountingProxy(database.endpoint);
  target = { endpoint: proxy.url, databaseUrl: database.databaseUrl };
});
afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

async function rows(): Promise<number> {
  const [row] = await database.sql<{ count: number }>("select count(*)::int from t");
  return row?.count ?? 0;
}

describe("the counting proxy", () => {
  it("passes everything on unchanged and remembers what it passed", async () => {
    proxy.reset();
    const direct = await batch(database, ["select 1 as a"], { "Neon-Batch-Read-Only": "true" });
    const counted = await batch(target, ["select 1 as a"], { "Neon-Batch-Read-Only": "true" });
    expect(counted.text).toBe(direct.text);
    expect(counted.headers.get("neon-batch-read-only")).toBe("true");
    expect(proxy.requests.map(({ method, body }) => ({ method, body }))).toEqual([
      { method: "POST", body: { queries: [{ query: "select 1 as a" }] } },
    ]);
    proxy.reset();
    expect(proxy.requests).toHaveLength(0);
  });

  it("loses a request, or only its answer, when told to", async () => {
    proxy.setFault((_, index) => (index === 0 ? { kind: "lose-request" } : { kind: "lose-response" }));
    proxy.reset();
    await expect(single(target, "insert into t values (1)")).rejects.toThrow("fetch failed");
    expect(await rows()).toBe(0);
    await expect(single(target, "insert into t values (1)")).rejects.toThrow("fetch failed");
    expect(await rows()).toBe(1);
    proxy.setFault(null);
    expect((await single(target, "insert into t values (1)")).status).toBe(200);
  });

  it("answers in the endpoint's place, or late, when told to", async () => {
    proxy.setFault(() => ({ kind: "status", status: 500, body: '{"message":"no"}' }));
    expect((await single(target, "select 1")).status).toBe(500);
    proxy.setFault(() => ({ kind: "delay", ms: 60 }));
    const start = performance.now();
    expect((await single(target, "select 1")).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(55);
    proxy.setFault(null);
  });

  it("puts a statement into a batch, and remembers what the endpoint answered", async () => {
    proxy.reset();
    const query = "select pg_terminate_backend(pg_backend_pid())";
    proxy.setFault(() => ({ kind: "insert-statement", at: 1, query }));
    const before = await rows();
    expect((await batch(target, ["insert into t values (1)", "select 1"])).error).toMatchObject({
      code: "57P01",
    });
    proxy.setFault(null);
    expect(await rows()).toBe(before);
    await batch(target, ["insert into t values (1)", "select 1"]);
    expect(proxy.requests.map(({ status }) => status)).toEqual([400, 200]);
    expect(await rows()).toBe(before + 1);
  });
});
