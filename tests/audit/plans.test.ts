import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listActivity, undoCommand } from "@/lib/audit/repository";
import { PAGE_SIZE } from "@/lib/db/limits";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { explain, type Plan } from "../helpers/explain";
import { createPerson, type Person } from "../helpers/people";

let database: TestDatabase;
/** 400 commands of 1 to 4 entries; in the middle of them one of 20,000. */
let mia: Person;
/** 40,000 commands of one entry. */
let noah: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  [mia, noah] = [await createPerson(database), await createPerson(database)];
  await fill(mia, 400, "case n when 200 then 20000 else n % 4 + 1 end");
  await fill(noah, 40_000, "1");
  for (let other = 0; other < 6; other += 1) await fill(await createPerson(database), 2_000, "2");
  await database.sql("vacuum analyze audit_logs");
}, 120_000);
afterAll(() => database.drop());

async function fill({ userId, organizationId }: Person, commands: number, size: string): Promise<void> {
  await database.sql(
    `insert into audit_logs (id, created_at, organization_id, user_id, command_id, entity_type, entity_id, action, changes)
     select app.uuid_v7(at), at, $1, $2, command, 'todo', gen_random_uuid(), 'complete', '{"status": ["pending", "completed"]}'
       from (select n, at, app.uuid_v7(at) as command, ${size} as size
               from (select n, now() - (100000 - n) * interval '1 minute' as at from generate_series(1, $3::int) n) times) made,
            generate_series(1, size)`,
    [organizationId, userId, commands],
  );
}

const idOf = async (person: Person, place: number) => {
  const [row] = await database.sql<{ id: string }>(
    "select distinct command_id as id from audit_logs where user_id = $1 and command_id is not null order by 1 offset $2 limit 1",
    [person.userId, place],
  );
  return row?.id ?? "";
};

const pageOf = (person: Person, cursor?: string) =>
  explain(person.scope(), (scope) => listActivity(scope, { cursor }));
const buffers = (plans: Plan[]) => plans.reduce((sum, plan) => sum + plan.buffers, 0);
/** How many entries of the log were looked at, by index or not. */
const looked = (plans: Plan[]) =>
  plans
    .flatMap(({ nodes }) => nodes)
    .filter((node) => node["Relation Name"] === "audit_logs")
    .reduce(
      (sum, node) =>
        sum + (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"],
      0,
    );

describe("a page of the activity", () => {
  it("steps down the index of commands, and reads no table as a whole", async () => {
    const plans = await pageOf(noah);
    const nodes = plans.flatMap((plan) => plan.nodes);
    const scans = nodes.filter((node) => node["Relation Name"] === "audit_logs");
    expect(scans.map((node) => node["Node Type"])).not.toContain("Seq Scan");
    const steps = scans.filter((node) => node["Index Cond"]?.includes("command_id"));
    expect(steps.map((node) => node["Index Name"])).toContain("audit_logs_command_index");
    expect(looked(plans)).toBeLessThan(PAGE_SIZE * 12);
  });

  it("costs the last of 800 pages what the first costs", async () => {
    const first = buffers(await pageOf(noah));
    const last = buffers(await pageOf(noah, await idOf(noah, 200)));
    expect(last).toBeLessThan(first * 1.2);
  });

  it("looks at no more of a command of 20,000 entries than it counts", async () => {
    const plans = await pageOf(mia, await idOf(mia, 210));
    expect(looked(plans)).toBeLessThan(1_001 + PAGE_SIZE * 20);
  });
});

describe("an undo", () => {
  it("finds its command by the index, in a log of 80,000 entries", async () => {
    const command = await idOf(noah, 20_000);
    const undoing = () => explain(noah.scope(), (scope) => undoCommand(scope, { commandId: command }));
    // What a connection does for the first time, it has to look up in the catalogue.
    let plans = await undoing();
    for (let round = 0; round < 4; round += 1) plans = await undoing();
    expect(buffers(plans)).toBeLessThan(400);
    const nodes = plans.flatMap((plan) => plan.nodes);
    expect(nodes.map((node) => node["Index Name"])).toContain("audit_logs_command_index");
    expect(nodes.map((node) => node["Node Type"])).not.toContain("Seq Scan");
  });
});
