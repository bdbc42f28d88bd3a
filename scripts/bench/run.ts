import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import type { Client } from "pg";
import type { Progress } from "../commands/progress";
import { withConnection } from "../connection";
import { BULK } from "./bulk";
import { compareBulkInsert } from "./bulk-insert";
import { openCopy, type BenchServer, type BenchDatabase, type Size } from "./databases";
import { measure, type Effort } from "./measure";
import { meterCost } from "./meters";
import type { Operation } from "./operation";
import { signInPeople, type BenchPerson } from "./people";
import { READS } from "./reads";
import { comparePages } from "./pages/compare";
import { compare, counterpartOf, type Comparison, type Measured, type Report } from "./report";
import { WRITES } from "./writes";

export type RunOptions = {
  server: BenchServer;
  authSecret: string;
  /** For what is made for a run alone. */
  folder: string;
  progress: Progress;
  sizes: readonly Size[];
  effort: Effort;
  /** Whether the dashboard page is held against a bare one, at the last size. */
  pages: boolean;
  /** How many rows are added at once, and by one INSERT, at the last size; 0 leaves it out. */
  bulkRows: number;
  /** Only what has this in its name. */
  only: string | null;
};

const OPERATIONS: readonly Operation[] = [...READS, ...WRITES, ...BULK];

/** Measures everything that is asked for. */
export async function run(options: RunOptions): Promise<Report> {
  const measured: Measured[] = [];
  const comparisons: Comparison[] = [];
  for (const size of options.sizes) {
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
  const { server, authSecret, progress } = options;
  const database = await openCopy(server, { size, authSecret, progress });
  try {
    return await withConnection(database.url, (owner) =>
      withConnection(superuserUrl(server), async (superuser) => {
        const measured: Measured[] = [];
        const comparisons: Comparison[] = [];
        const people = await signInPeople(database, owner);
        for (const person of people) {
          const found = await measurePerson({ person, size, database, superuser }, options);
          measured.push(...found.measured);
          comparisons.push(...found.comparisons);
        }
        const [ordinary] = people;
        if (ordinary !== undefined && size === options.sizes.at(-1)) {
          comparisons.push(...(await compareAtLast({ person: ordinary, database }, options)));
        }
        return { measured, comparisons };
      }),
    );
  } finally {
    await database.drop();
  }
}

async function compareAtLast(
  { person, database }: { person: BenchPerson; database: BenchDatabase },
  { folder, progress, pages, bulkRows, only }: RunOptions,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  if (pages && isWanted("dashboard page", only)) {
    comparisons.push(
      ...(await comparePages({ database, person, folder: join(folder, "bare-app"), progress })),
    );
  }
  // Last, because it leaves the table much larger.
  if (bulkRows > 0 && isWanted("add many todos", only)) {
    comparisons.push(await progress.stage("Adding many todos", () => compareBulkInsert(person, bulkRows)));
  }
  return comparisons;
}

function isWanted(name: string, only: string | null): boolean {
  return only === null || name.includes(only);
}

async function measurePerson(
  context: { person: BenchPerson; size: Size; database: BenchDatabase; superuser: Client },
  { progress, effort, only }: RunOptions,
): Promise<Pick<Report, "measured" | "comparisons">> {
  const { person, size, database, superuser } = context;
  const floor = { run: () => person.databases.readCommitted.execute(sql`select 1`) };
  const wanted = OPERATIONS.filter(({ name }) => isWanted(name, only));
  const todos = size.todos.toLocaleString("en");
  const title = `${todos} todos, the ${person.name} person with ${person.todos.toLocaleString("en")}`;
  return progress.stage(title, async ({ note }) => {
    for (let call = 0; call < effort.warmUpCalls; call += 1) await floor.run();
    const measured: Measured[] = [];
    const comparisons: Comparison[] = [];
    for (const [index, { name, prepare }] of wanted.entries()) {
      note(`${index + 1} of ${wanted.length}: ${name}`);
      const work = await prepare(person);
      if (work === null) continue;
      const timing = await measure(work, floor, effort);
      const cost = await meterCost(superuser, database, () => work.run());
      await work.after?.();
      measured.push({ operation: name, todos: size.todos, person: person.name, ...timing, ...cost });
      const counterpart = counterpartOf(name);
      const other = OPERATIONS.find((one) => one.name === counterpart?.operation);
      const otherWork = await other?.prepare(person);
      if (!counterpart || !otherWork) continue;
      const { ratio } = await measure(work, otherWork, effort);
      comparisons.push({
        name: `${counterpart.name} (${person.name}, ${todos})`,
        figure: ratio,
        goal: counterpart.goal,
      });
    }
    return { measured, comparisons };
  });
}

/** Of the database in which pg_stat_statements is. */
function superuserUrl(server: BenchServer): string {
  const url = new URL(server.superuserUrl);
  url.pathname = new URL(server.unpooledUrl).pathname;
  return url.href;
}

/** By its size only. */
function thisMachine(): string {
  return `${availableParallelism()} cores, ${Math.ceil(totalmem() / 2 ** 30)} GiB`;
}
