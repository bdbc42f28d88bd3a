import { escapeLiteral } from "pg";
import { newId } from "../../lib/db/id";
import { bulkInsertTodos } from "../../lib/todos/repository";
import { createRandom } from "../seed/random";
import { createVocabulary } from "../seed/crowd/words";
import { done } from "./operation";
import type { BenchPerson } from "./people";
import type { Comparison } from "./report";
import { median } from "./statistics";

const PAIRS = 3;
/** At least half the speed of one plain INSERT. */
const GOAL = 2;

type NewRow = { id: string; title: string; description: string; priority: number };

/**
 * Adds so many todos through bulkInsertTodos, which checks every row and every tenant, and as many by one INSERT of the
 * owner with all rows in its VALUES, in turns; the triggers do their work for both.
 */
export async function compareBulkInsert(person: BenchPerson, rows: number): Promise<Comparison> {
  const random = createRandom(rows);
  const vocabulary = createVocabulary(random);
  const make = (): NewRow[] =>
    Array.from({ length: rows }, () => ({
      id: newId(),
      title: vocabulary.title("Import"),
      description: random.chance(0.35) ? vocabulary.description() : "",
      priority: random.int(0, 3),
    }));
  const ratios: number[] = [];
  const seconds: { bulk: number; plain: number }[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const rowsOfBulk = make();
    const bulk = await timed(() =>
      done(bulkInsertTodos(person.scope(), { rows: rowsOfBulk, onBadRow: "refuse" })),
    );
    const sql = plainInsert(person, make());
    const plain = await timed(() => person.owner.query(sql));
    ratios.push(bulk / plain);
    seconds.push({ bulk, plain });
  }
  const each = (of: "bulk" | "plain") => (median(seconds.map((pair) => pair[of])) / 1000).toFixed(1);
  return {
    name: `adding ${rows.toLocaleString("en")} todos (${each("bulk")} s) ÷ one plain INSERT of all (${each("plain")} s)`,
    figure: median(ratios),
    goal: GOAL,
  };
}

async function timed(insert: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await insert();
  return performance.now() - start;
}

function plainInsert({ userId, organizationId }: BenchPerson, rows: NewRow[]): string {
  const values = rows.map(
    ({ id, title, description, priority }) =>
      `('${id}', '${organizationId}', '${userId}', ${escapeLiteral(title)}, ${escapeLiteral(description)}, ${priority})`,
  );
  return `insert into todos (id, organization_id, user_id, title, description, priority) values ${values.join(", ")}`;
}
