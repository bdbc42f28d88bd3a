import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import type { Client } from "pg";
import type { Progress } from "../commands/progress";
import { withConnection } from "../connection";
import type { LocalDatabase } from "../local/database";
import { openCopy, SIZES, type BenchDatabase, type Size } from "./databases";
import { measure, type Effort } from "./measure";
import { meterCost } from "./meters";
import type { Operation } from "./operation";
import { signInPeople, type BenchPerson } from "./people";
import { READS } from "./reads";
import { comparePages } from "./pages/compare";
import { compare, type Comparison, type Measured, type Report } from "./report";
import { WRITES } from "./writes";

export type RunOptions = {
  server: LocalDatabase;
  authSecret: string;
  /** For what is made for a run alone. */
  folder: string;
  progress: Progress;
  quick: boolean;
  only: string | null;
};

const OPERATIONS: readonly Operation[] = [...READS, ...WRITES];
const EFFORT: Effort = { budgetMs: 1600, pairs: 15 };
const QUICK_EFFORT: Effort = { budgetMs: 250, pairs: 5 };

/** Measures everything that is asked for. */
export async function run(options: RunOptions): Promise<Report> {
  const { quick } = options;
  const measured: Measured[] = [];
  const comparisons: Comparison[] = [];
  for (const size of quick ? SIZES.slice(0, 1) : SIZES) {
    const found = await measureSize(size, options);
    measured.push(...found.measured);
    comparisons.push(...found.comparisons);
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: thisMachine(),
    measured,
    comparisons: [...compare(measured), ...comparisons],
  };
}

async function measureSize(
  size: Size,
  options: RunOptions,
): Promise<Pick<Report, "measured" | "comparisons">> {
  const { server, authSecret, folder, progress, quick, only } = options;
  const database = await openCopy(server, { size, authSecret, progress });
  try {
    return await withConnection(database.url, (owner) =>
      withConnection(superuserUrl(server), async (superuser) => {
        const measured: Measured[] = [];
        const people = await signInPeople(database, owner);
        for (const person of people) {
          measured.push(...(await measurePerson({ person, size, database, superuser }, options)));
        }
        const [person] = people;
        const largest = size === SIZES.at(-1) && !quick;
        const comparisons =
          person !== undefined && largest && isWanted("page: dashboard", only)
            ? await comparePages({ database, person, folder: join(folder, "bare-app"), progress })
            : [];
        return { measured, comparisons };
      }),
    );
  } finally {
    await database.drop();
  }
}

function isWanted(name: string, only: string | null): boolean {
  return only === null || name.includes(only);
}

async function measurePerson(
  context: { person: BenchPerson; size: Size; database: BenchDatabase; superuser: Client },
  { progress, quick, only }: RunOptions,
): Promise<Measured[]> {
  const { person, size, database, superuser } = context;
  const floor = { run: () => person.databases.readCommitted.execute(sql`select 1`) };
  const wanted = OPERATIONS.filter(({ name }) => isWanted(name, only));
  const title = `${size.todos.toLocaleString("en")} todos, the ${person.name} person with ${person.todos.toLocaleString("en")}`;
  return progress.stage(title, async ({ note }) => {
    const measured: Measured[] = [];
    for (const [index, { name, prepare }] of wanted.entries()) {
      note(`${index + 1} of ${wanted.length}: ${name}`);
      const work = await prepare(person);
      if (work === null) continue;
      const timing = await measure(work, floor, quick ? QUICK_EFFORT : EFFORT);
      const cost = await meterCost(superuser, database, () => work.run());
      await work.after?.();
      measured.push({ operation: name, todos: size.todos, person: person.name, ...timing, ...cost });
    }
    return measured;
  });
}

/** Of the database in which pg_stat_statements is. */
function superuserUrl(server: LocalDatabase): string {
  const url = new URL(server.superuserUrl);
  url.pathname = new URL(server.unpooledUrl).pathname;
  return url.href;
}

/** By its size only. */
function thisMachine(): string {
  return `${availableParallelism()} cores, ${Math.ceil(totalmem() / 2 ** 30)} GiB`;
}
