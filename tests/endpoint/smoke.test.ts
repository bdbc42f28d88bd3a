import { neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCountingProxy } from "../helpers/counting-proxy";
import { type TestDatabase, createTestDatabase } from "../helpers/database";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe("a test database", () => {
  it("answers the Neon driver through the endpoint, one HTTP request for a batch", async () => {
    const proxy = await startCountingProxy(database.endpoint);
    neonConfig.fetchEndpoint = proxy.url;
    const sql = neon(database.databaseUrl);
    const results = await sql.transaction([
      sql`create table t (a int)`,
      sql`insert into t values (1), (2)`,
      sql`select * from t`,
    ]);
    expect(results[2]).toEqual([{ a: 1 }, { a: 2 }]);
    expect(proxy.requests).toHaveLength(1);
    await proxy.stop();
    expect(await database.sql("select count(*)::int from t")).toEqual([{ count: 2 }]);
  });
});
