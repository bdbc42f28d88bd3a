import { createHash } from "node:crypto";
import { type Client, escapeIdentifier, escapeLiteral } from "pg";
import type { Progress } from "../commands/progress";
import { withConnection } from "../connection";
import type { LocalDatabase } from "../local/database";
import { readMigrations } from "../migrate/migration-files";
import { DRIZZLE_FOLDER, migrateUp } from "../migrate/runner";
import { type Crowd, seedCrowd } from "../seed/crowd";

/** How much data to measure on. */
export type Size = Pick<Crowd, "people" | "todos" | "heavy">;

export const SIZES: readonly Size[] = [
  { people: 10, todos: 10_000, heavy: 3_000 },
  { people: 1_000, todos: 1_000_000, heavy: 300_000 },
];
const SEED = 42;
/** Older data has no future any more: nothing of it is due today or coming. */
const MAX_AGE_DAYS = 14;

/** What of a local database's server the bench works with. */
export type BenchServer = Pick<LocalDatabase, "superuserUrl" | "unpooledUrl" | "endpoint">;

/** A database on the bench's own server. */
export type BenchDatabase = {
  /** The owner's. */
  url: string;
  endpoint: string;
  authSecret: string;
};

/**
 * Makes sure that the data of this size is there, made by the migrations as they are now, and gives a copy of it that
 * may be written to. It is made anew when it is missing, unfinished, too old or of other migrations.
 */
export async function openCopy(
  server: BenchServer,
  { size, authSecret, progress }: { size: Size; authSecret: string; progress: Progress },
): Promise<BenchDatabase & { drop: () => Promise<void> }> {
  const template = `bench_${size.todos}`;
  const copy = `${template}_run`;
  const today = new Date().toISOString().slice(0, 10);
  const title = `Data with ${size.todos.toLocaleString("en")} todos`;
  const asSuperuser = <Result>(work: (client: Client) => Promise<Result>) =>
    withConnection(server.superuserUrl, work);

  const made = await asSuperuser((client) => madeOf(client, template));
  if (made === null || !isCurrent(made, size, today)) {
    await asSuperuser(async (client) => {
      await drop(client, template);
      await client.query(`create database ${escapeIdentifier(template)} owner cairn_owner`);
    });
    const url = urlOf(server, template);
    await progress.stage(`${title}: migrations`, ({ note }) => migrateUp({ url, authSecret, log: note }));
    await seedCrowd({ url, ...size, seed: SEED, today }, (step, work) =>
      progress.stage(`${title}: ${step.toLowerCase()}`, work),
    );
    // Said last, so that what was interrupted does not count.
    const comment = JSON.stringify({ size, today, migrations: migrationsHash() } satisfies Made);
    await asSuperuser((client) =>
      client.query(`comment on database ${escapeIdentifier(template)} is ${escapeLiteral(comment)}`),
    );
  }
  await progress.stage(`${title}: a copy to work on`, () =>
    asSuperuser(async (client) => {
      await drop(client, copy);
      const names = `${escapeIdentifier(copy)} owner cairn_owner template ${escapeIdentifier(template)}`;
      await client.query(`create database ${names} strategy file_copy`);
    }),
  );
  return {
    url: urlOf(server, copy),
    endpoint: server.endpoint,
    authSecret,
    drop: () => asSuperuser((client) => drop(client, copy)),
  };
}

/** What a database was made of, as its comment says. */
type Made = { size: Size; today: string; migrations: string };

async function madeOf(client: Client, name: string): Promise<Made | null> {
  const { rows } = await client.query<{ comment: string | null }>(
    "select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1",
    [name],
  );
  const comment = rows[0]?.comment ?? null;
  return comment === null ? null : (JSON.parse(comment) as Made); // Nobody else comments on it.
}

function isCurrent(made: Made, size: Size, today: string): boolean {
  const age = (Date.parse(today) - Date.parse(made.today)) / 86_400_000;
  return (
    age <= MAX_AGE_DAYS &&
    made.migrations === migrationsHash() &&
    JSON.stringify(made.size) === JSON.stringify(size)
  );
}

function migrationsHash(): string {
  const hash = createHash("sha256");
  for (const migration of readMigrations(DRIZZLE_FOLDER))
    hash.update(`${migration.name} ${migration.hash}\n`);
  return hash.digest("hex");
}

async function drop(client: Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`);
}

function urlOf(server: BenchServer, name: string): string {
  const url = new URL(server.unpooledUrl);
  url.pathname = `/${name}`;
  return url.href;
}
