import { createHash } from "node:crypto";
import { hash } from "@node-rs/argon2";
import { type Client, DatabaseError } from "pg";
import { PASSWORD_COST } from "../../lib/auth/passwords";
import type { StageReport } from "../commands/progress";
import { withConnection } from "../connection";
import { createClock } from "./crowd/clock";
import { createHistory } from "./crowd/history";
import { HEAVY_EMAIL, makePerson, makeTeams, type CrowdPerson, type World } from "./crowd/people";
import { createSink } from "./crowd/sink";
import { rebuildKept, removeStructure, restoreStructure } from "./crowd/structure";
import { makeTodo } from "./crowd/todo";
import { createVocabulary } from "./crowd/words";
import { DEMO_PASSWORD } from "./demo";
import { createRandom } from "./random";
import { SeedError } from "./seed-error";

/** Four years, up to the day before today. */
const HISTORY_DAYS = 1461;
const BAR_WIDTH = 20;

export type Crowd = {
  /** With the heavy one. */
  people: number;
  todos: number;
  /** How many of them are the heavy person's. */
  heavy: number;
  seed: number;
  /** The day before which everything happened, YYYY-MM-DD. */
  today: string;
};

export type Stage = <Result>(
  title: string,
  work: (report: StageReport) => Promise<Result>,
) => Promise<Result>;

/**
 * Makes a crowd of people with todos, tags, teams, trash and history: all or nothing, and the same data for the same
 * numbers. Others who use the database wait meanwhile: its tables are locked.
 * @param stage told each step as it begins
 * @throws SeedError when there is such a crowd already
 */
export async function seedCrowd(
  { url, ...crowd }: Crowd & { url: string },
  stage: Stage,
): Promise<{ auditLogs: number }> {
  return withConnection(url, async (client) => {
    await client.query("set maintenance_work_mem = '512MB'");
    await begin(client);
    const removed = await removeStructure(client);
    const auditLogs = await stage("People, todos and history", (report) => makeAll(client, crowd, report));
    await stage("Indexes and foreign keys", ({ note }) => restoreStructure(client, removed, note));
    await stage("Counts that are kept", () => rebuildKept(client));
    await stage("Commit", () => client.query("commit"));
    // Counts and plans are right from the first page on, without waiting for autovacuum.
    await stage("Vacuum", ({ note }) => vacuum(client, note));
    return { auditLogs };
  }); // The end of the connection undoes what was not committed.
}

async function begin(client: Client): Promise<void> {
  await client.query("begin");
  // One seed at a time, and no table is locked only to find that there is nothing to do.
  await client.query("select pg_advisory_xact_lock(hashtextextended('cairn.seed', 0))");
  try {
    const { rowCount } = await client.query("select from users where email = $1", [HEAVY_EMAIL]);
    if (rowCount !== 0) {
      throw new SeedError(
        `There is such data already (${HEAVY_EMAIL} is there); nothing was changed. To start afresh, use an empty ` +
          "database: the local one is emptied by removing .data while nothing runs, and pnpm db:migrate up.",
      );
    }
  } catch (error) {
    throw error instanceof DatabaseError && error.code === "42P01" // no such table
      ? new SeedError("The database is not migrated; run pnpm db:migrate up first.", { cause: error })
      : error;
  }
}

async function makeAll(client: Client, crowd: Crowd, { note, summarize }: StageReport): Promise<number> {
  const random = createRandom(crowd.seed);
  const clock = createClock({ today: crowd.today, days: HISTORY_DAYS });
  const sink = createSink(client);
  const history = createHistory({ clock, random, sink });
  const vocabulary = createVocabulary(random);
  const passwordHash = await sharedPasswordHash(crowd.seed);
  const world: World = { random, clock, sink, history, vocabulary, passwordHash, day: 0 };

  const people = Array.from({ length: crowd.people }, (_, number) => makePerson(world, number, crowd.people));
  makeTeams(world, people);
  await sink.drain();
  const choose = chooser(world, people, crowd);
  let made = 0;
  for (const [day, count] of dailyCounts(crowd.todos, clock.last).entries()) {
    world.day = day;
    for (let rest = count; rest > 0; rest -= 1) makeTodo(world, choose());
    made += count;
    // Tomorrow's earliest hour, in the east, is still today in UTC.
    history.flush(day - 1);
    await sink.drain();
    note(`${bar(made / crowd.todos)} · ${made.toLocaleString("en")} todos`);
  }
  history.flush(clock.last);
  await sink.finish();
  summarize(`${made.toLocaleString("en")} todos, ${history.count.toLocaleString("en")} entries of history`);
  return history.count;
}

/** One hash for all, because making one takes as long as making hundreds of todos; the seed's salt makes it the same again. */
function sharedPasswordHash(seed: number): Promise<string> {
  const salt = createHash("sha256").update(`cairn.seed ${seed}`).digest().subarray(0, 16);
  return hash(DEMO_PASSWORD, { ...PASSWORD_COST, salt });
}

/** How many todos are made on each day: ever more over the years, fewer on every sixth and seventh, none on the first. */
export function dailyCounts(todos: number, lastDay: number): number[] {
  const weights = Array.from({ length: lastDay + 1 }, (_, day) =>
    day === 0 ? 0 : (0.4 + (1.2 * day) / lastDay) * (day % 7 < 5 ? 1 : 0.5),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  let given = 0;
  return weights.map((weight) => {
    sum += weight;
    const count = Math.round((todos * sum) / total) - given;
    given += count;
    return count;
  });
}

/** Whose the next todo is: exactly `heavy` of all are the first person's, and those who came early have more. */
function chooser(world: World, people: CrowdPerson[], { todos, heavy }: Crowd): () => CrowdPerson {
  const { random } = world;
  const [first, ...others] = people;
  let left = todos;
  let heavyLeft = heavy;
  let here = 0;
  return () => {
    while (here < others.length && (others[here]?.since ?? 0) <= world.day) here += 1;
    const isHeavy = random.next() * left < heavyLeft;
    left -= 1;
    if (isHeavy) heavyLeft -= 1;
    const person = isHeavy ? first : others[Math.floor(here * random.next() ** 1.5)];
    if (person === undefined) throw new Error("Nobody is there yet.");
    return person;
  };
}

async function vacuum(client: Client, note: (text: string) => void): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'app') order by 1",
  );
  for (const { name } of rows) {
    note(name);
    await client.query(`vacuum (analyze) ${name}`);
  }
}

function bar(share: number): string {
  const full = Math.round(share * BAR_WIDTH);
  return `${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)} ${Math.floor(share * 100)} %`;
}
