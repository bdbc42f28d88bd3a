import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { measure } from "@/scripts/bench/measure";
import { meterCost } from "@/scripts/bench/meters";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { type Person, createPerson } from "../helpers/people";

describe("measuring", () => {
  it("runs both in turns, gets ready after every call, and counts the calls", async () => {
    const order: string[] = [];
    const note = (name: string, ms: number) => async () => {
      order.push(name);
      await sleep(ms);
    };
    const subject = { run: note("s", 8), after: note("a", 0) };
    const timing = await measure(subject, { run: note("f", 1) }, { budgetMs: 90, pairs: 3 });
    const turns = order.join("").replaceAll("sa", "S").replace(/S+/g, "S").replace(/f+/g, "F");
    expect(turns).toBe("SFSFSFSF"); // The first turn of each warms up.
    expect(timing.calls).toBe(order.filter((name) => name === "s").length - 3);
    expect(timing.p50).toBeGreaterThanOrEqual(7);
    expect(timing.p95).toBeGreaterThanOrEqual(timing.p50);
  });
});

describe("the cost of a call", () => {
  let database: TestDatabase;
  let superuser: Client;
  let person: Person;
  beforeAll(async () => {
    database = await createTestDatabase();
    const { superuserUrl, ownerUrl } = inject("server");
    // pg_stat_statements is in the database that the server was made with.
    const url = new URL(superuserUrl);
    url.pathname = new URL(ownerUrl).pathname;
    superuser = new Client({ connectionString: url.href });
    await superuser.connect();
    person = await createPerson(database);
    await database.sql(
      `insert into todos (id, organization_id, user_id, title)
       select gen_random_uuid(), $1, $2, repeat('many words ', 18) from generate_series(1, 500)`,
      [person.organizationId, person.userId],
    );
  });
  afterAll(async () => {
    await superuser.end();
    await database.drop();
  });

  const target = () => ({ url: database.databaseUrl, endpoint: database.endpoint });

  it("is the requests that went to the endpoint, one for each tick", async () => {
    const cost = await meterCost(superuser, target(), async () => {
      await Promise.all([person.scope().actor(), fetch("data:,not to the endpoint")]);
      await person.scope().actor();
    });
    expect(cost.requests).toBe(2);
    expect(await meterCost(superuser, target(), async () => {})).toEqual({ requests: 0, buffers: 0 });
  });

  it("is the pages that the statements touched, app.enter among them", async () => {
    // Now and then a connection reads the catalogue again, because something was analyzed meanwhile.
    const enters: number[] = [];
    while (enters.length < 5) {
      const { buffers } = await meterCost(superuser, target(), () => person.scope().actor());
      enters.push(buffers);
    }
    const enter = Math.min(...enters);
    const all = await meterCost(superuser, target(), () => {
      const scope = person.scope();
      return scope.run("bench.all", [scope.db.execute(sql`select count(length(title)) from todos`)]);
    });
    const [pages] = await database.sql<{ pages: number }>(
      "select (pg_relation_size('todos') / 8192)::int as pages",
    );
    expect(enter).toBeGreaterThan(0);
    expect(all.buffers - enter).toBeGreaterThanOrEqual(pages?.pages ?? Infinity);
  });
});
