import { sql, type SQL } from "drizzle-orm";
import { todos } from "../db/schema/todos";
import { all, type Wish } from "./conditions";
import { FEW, type Wanted, type Way } from "./page";
import { linkedTo } from "./query-conditions";
import { me, open } from "./rows";
import type { TodoFilter } from "./types";

/** How many rows are looked through in the order of a list before the few that are wanted are gathered all the same. */
const WALK = sql`(select 50000)`;
/** The same where each of them has to be read. */
const WALK_IN_ROWS = sql`(select 10000)`;
/** The same where nothing but words is asked for, so that the order's index alone is of no use. */
const WALK_BY_WORDS = sql`6000`;
const WALK_IN_WORDS_TO_COUNT = sql`(select 20000)`;
/** Words that stand in more than one of 53 of the newest todos are common: then what has them is not few. */
const WORDS_SAMPLE = 400;
/** No more ways than this are tried for the tags that are asked for. */
const TAG_WAYS_MAX = 3;

/**
 * What is asked of the rows of a reach, and the ways to gather those that fulfil it; null when nothing is asked.
 * @param options.ordered whether the first in an order are wanted, and not just any
 */
export function wantedOf(
  wishes: readonly Wish[],
  { owner = "me", reach, ordered }: Pick<TodoFilter, "owner"> & { reach: SQL; ordered: boolean },
): Wanted | null {
  if (wishes.length === 0) return null;
  const byCost = wishes.toSorted((one, other) => costOf(one) - costOf(other));
  const onlyWords = wishes.every(({ found }) => found === "by words");
  const conditions = (inRow: (condition: SQL) => SQL) =>
    all(byCost.map((wish) => (isInRow(wish) ? inRow(wish.condition) : wish.condition)));
  const byTags = links(wishes, { ordered });
  const byWords = words(wishes, {
    reach,
    walk: onlyWords ? (ordered ? WALK_BY_WORDS : WALK_IN_WORDS_TO_COUNT) : WALK,
  });
  return {
    // A row that is looked through is known by its index alone, and read only when the rest is as it is wanted.
    walked: conditions((condition) =>
      onlyWords
        ? condition
        : sql`exists (select from app.visible_todos ${todos} where ${todos.id} = walked_id and walked_id is not null and ${condition})`,
    ),
    gathered: conditions((condition) => condition),
    ways:
      owner === "everyone"
        ? // Walks of many are not bounded: where one ends too early, what is first of all is not known.
          byWords.length > 0
          ? byWords.map((way) => ({ ...way, rows: null }))
          : byTags.flatMap((way) => (way.rows === null ? [] : { ...way, walk: null }))
        : [...(owner === "me" ? amongOpen(wishes) : []), ...stretches(wishes, reach), ...byWords, ...byTags],
  };
}

/** The dearer it is to ask, the later: of the order's index alone, of the links of a row, of the row itself. */
function costOf(wish: Wish): number {
  if (isInRow(wish)) return 2;
  return wish.about === "tags" ? 1 : 0;
}

/** Whether a wish asks for what the indexes of the orders do not hold. */
function isInRow({ about }: Wish): boolean {
  return about === "text" || about === "created" || about === "updated" || about === "completed";
}

/** The open ones have an index of their own; how many of mine there are is kept. */
function amongOpen(wishes: readonly Wish[]): Way[] {
  if (!wishes.some(({ found }) => found === "among the open")) return [];
  const rows = sql`select coalesce(sum(kept.count), 0) from todo_counts kept
    where kept.user_id = ${me} and not kept.deleted and kept.status in ('pending', 'in_progress')`;
  return [{ found: open, rows, order: sql`${todos.dueDate}`, walk: null }];
}

function stretches(wishes: readonly Wish[], reach: SQL): Way[] {
  const days = {
    due: todos.dueDate,
    scheduled: todos.scheduledFor,
    created: todos.createdAt,
    updated: todos.updatedAt,
    completed: todos.completedAt,
  } satisfies Partial<Record<Wish["about"], unknown>>;
  return Object.entries(days).flatMap(([about, day]) => {
    const asked = wishes.filter((wish) => wish.about === about && wish.found === "in a stretch");
    const [one] = asked;
    if (one === undefined) return [];
    const found = all(asked.map(({ condition }) => condition));
    const rows = sql`select count(*) from (
      select from todos where ${all([reach, found])} order by ${day} limit ${FEW + 1}) few`;
    const few = { found, rows, order: sql`${day}`, walk: null };
    return isInRow(one) ? [few, { found, rows: null, walk: WALK_IN_ROWS }] : [few];
  });
}

/**
 * By the tags that were asked for, those of one name, or of several of which one is enough: by the links of whichever are
 * few, and where none are, by what all of them have in common.
 */
function links(wishes: readonly Wish[], { ordered }: { ordered: boolean }): Way[] {
  const ids = wishes
    .flatMap(({ found }) => (typeof found === "object" ? [linkedTo(found.tags)] : []))
    .slice(0, TAG_WAYS_MAX);
  if (ids.length === 0) return [];
  const few = ids.map((some) => ({
    found: among(some),
    rows: sql`select count(*) from (${some} limit ${FEW + 1}) few`,
    walk: null,
  }));
  if (!ordered) return few;
  const common = { found: among(sql.join(ids, sql` intersect `)), rows: null, walk: WALK };
  return ids.length === 1 ? few.map((way) => ({ ...way, walk: WALK })) : [...few, common];
}

/** Todos by ids that a subquery gives: each is looked up by its key. */
export function among(ids: SQL): SQL {
  return sql`${todos.id} = any (array(${ids}))`;
}

function words(wishes: readonly Wish[], { reach, walk }: { reach: SQL; walk: SQL }): Way[] {
  const asked = wishes.filter(({ found }) => found === "by words");
  if (asked.length === 0) return [];
  const found = all(asked.map(({ condition }) => condition));
  const newest = sql`select * from todos where ${reach} order by created_at desc, id desc limit ${sql.raw(String(WORDS_SAMPLE))}`;
  const rows = sql`select count(*) * ${WORDS_SAMPLE} from (${newest}) todos where case when ${found} then true end`;
  return [{ found, rows, walk }];
}
