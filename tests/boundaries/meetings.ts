import { atOnce } from "../helpers/gate";
import type { TestDatabase } from "../helpers/database";

/** How often each pair meets. */
export const ROUNDS = 50;
/** So many rounds at a time, each on rows of its own. */
const GROUP = 5;

type Meeting<Ground, One, Other> = {
  /** Makes what the two meet at. */
  ground: (round: number) => Promise<Ground>;
  one: (ground: Ground, round: number) => Promise<One>;
  other: (ground: Ground, round: number) => Promise<Other>;
  /** The lock that stops them: see atOnce. Left out where who is first decides whether the other waits at all. */
  lock?: (grounds: Ground[]) => { lock: string; params?: unknown[] };
  /** How many requests of the two wait for it. */
  waiting?: number;
};

/**
 * Lets two requests meet in fifty rounds: half of them side by side as the machine has it, half let go from a lock that
 * both stand at; now the one is sent first, now the other.
 * @param judge says what has to hold whoever was first
 */
export async function meet<Ground, One, Other>(
  database: Pick<TestDatabase, "sql" | "name" | "unpooledUrl">,
  meeting: Meeting<Ground, One, Other>,
  judge: (ground: Ground, one: One, other: Other) => Promise<void>,
): Promise<void> {
  const { lock, waiting = 2 } = meeting;
  for (let first = 0; first < ROUNDS; first += GROUP) {
    const rounds = Array.from({ length: GROUP }, (_, index) => first + index);
    const grounds: Ground[] = [];
    for (const round of rounds) grounds.push(await meeting.ground(round));
    const start = () =>
      Promise.all(
        grounds.map(async (ground, index) => {
          const round = first + index;
          const one = () => meeting.one(ground, round);
          const other = () => meeting.other(ground, round);
          if (round % 2 === 0) return Promise.all([one(), other()]);
          const [second, earlier] = await Promise.all([other(), one()]);
          return [earlier, second] as const;
        }),
      );
    const isHeld = (first / GROUP) % 2 === 0;
    const answers = await (lock && isHeld
      ? atOnce(database, { ...lock(grounds), waiting: waiting * GROUP, start })
      : start());
    for (const [index, [one, other]] of answers.entries()) {
      // One answer for each ground.
      await judge(grounds[index] as Ground, one, other);
    }
  }
}

/** Stops whoever changes one of these rows. */
export const rowsOf = (table: "todos" | "tags" | "users" | "sessions") => (ids: string[]) => ({
  lock: `select from ${table} where id = any ($1) order by id for update`,
  params: [ids],
});

/** Stops whoever adds to a table, changes it or deletes from it. */
export const wholeTable = (table: string) => () => ({
  lock: `lock table ${table} in share row exclusive mode`,
});

/** What was done with a thing by people, oldest first. */
export async function actionsOn({ sql }: Pick<TestDatabase, "sql">, id: string): Promise<string[]> {
  const rows = await sql<{ action: string }>(
    "select action from audit_logs where entity_id = $1 and user_id is not null order by id",
    [id],
  );
  return rows.map(({ action }) => action);
}

/** "ok", or why not. */
export function codeOf(answer: { ok: true } | { ok: false; code: string }): string {
  return answer.ok ? "ok" : answer.code;
}
