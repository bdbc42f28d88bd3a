import { getHistory, listActivity } from "../../lib/audit/repository";
import { getDashboard } from "../../lib/dashboard/repository";
import { PAGE_SIZE } from "../../lib/db/limits";
import { createMemory } from "../../lib/db/memory";
import { parseQuery } from "../../lib/query/parse";
import type { QueryNode } from "../../lib/query/types";
import { searchTodos } from "../../lib/search/repository";
import { listTags } from "../../lib/tags/repository";
import { cursorList, writeCursor } from "../../lib/todos/cursor";
import { bulkTodos, countTodos, getCounts, getTodo, listTodos, listTrash } from "../../lib/todos/repository";
import { TODO_SORTS, type TodoFilter, type TodoRow, type TodoSort } from "../../lib/todos/types";
import { done, read, type Operation } from "./operation";
import type { BenchPerson } from "./people";

const FAR_PAGE = 5000;

/** Where app.enter alone is asked for: what every request costs at least. */
const enter = read("enter", ({ scope }) => scope().actor());

const lists: Operation[] = [
  ...TODO_SORTS.flatMap((sort) => [firstPage(sort), farPage(sort)]),
  list("list: completed", { status: "completed" }),
  list("list: high priority", { priority: { min: 4, max: 5 } }),
  list("list: overdue", { due: "overdue" }),
  list("list: due this week", { due: "upcoming" }),
  list("list: without due date", { due: "none", status: "all" }),
  list("list: a tag", { tags: { any: ["home"] } }),
  list("list: a tag, by title", { tags: { any: ["home"] }, sort: "title" }),
  list("list: two tags", { tags: { all: ["work", "home"] }, status: "all" }),
  // The newest are gone through first, and it is among the oldest.
  list("list: due long ago, by creation", { to: "2024-01-01", sort: "created", status: "all" }),
  list("list: high, completed, a tag and not another", {
    tags: { all: ["work"], none: ["home"] },
    priority: { min: 4, max: 5 },
    status: "completed",
  }),
  list("list: a common word", { query: parsed("meeting"), status: "all" }),
  list("list: words, tag, priority and due", {
    query: parsed("report tag:work priority:>=4 due:<today"),
    status: "all",
  }),
  list("list: everybody's in my organizations", { owner: "everyone", sort: "due" }),
  list("list: everybody's with a tag", { owner: "everyone", tags: { any: ["home"] } }),
  list("list: no hit", { query: parsed("xylophonist"), status: "all" }),
  read("trash", ({ scope }) => listTrash(scope(), {})),
];

const searches: Operation[] = [
  search("search: no hit", () => parsed("xylophonist")),
  search("search: rare", async (person) => parsed(await rareWord(person))),
  search("search: common", () => parsed("meeting")),
  search("search: every row", async ({ owner, userId }) =>
    parsed((await oneTitle(owner, userId)).split(" · ")[1] ?? ""),
  ),
  search("search: two words", () => parsed("meeting report")),
  search("search: prefix", () => parsed("me", { typing: true })),
  search("search with or, without, tag and state", () =>
    parsed("(meeting or report) -invoice tag:work is:open"),
  ),
];

export const READS: readonly Operation[] = [
  enter,
  ...lists,
  read("counts of the sidebar", ({ scope }) => getCounts(scope())),
  read("count of a list", ({ scope }) =>
    countTodos(scope(), { status: "completed", tags: { any: ["home"] } }),
  ),
  read("count of a list: open, a tag", ({ scope }) => countTodos(scope(), { tags: { any: ["home"] } })),
  ...searches,
  read("dashboard", ({ scope }) => getDashboard(scope())),
  read("dashboard in a new process", ({ scope }) => getDashboard(scope(createMemory(1)))),
  {
    // What was kept is void: it is computed.
    name: "dashboard after a change",
    prepare: async (person) => {
      const [id = ""] = await someIds(
        person,
        "status in ('pending', 'in_progress') and due_date is not null",
      );
      let priority = 0;
      const change = () => {
        priority = priority === 1 ? 2 : 1;
        const target = { ids: [id] };
        return done(bulkTodos(person.scope(), { target, change: { action: "priority", priority } }));
      };
      await change();
      return { run: () => getDashboard(person.scope()), after: change };
    },
  },
  {
    name: "one todo",
    prepare: async (person) => {
      const ids = await someIds(person);
      let next = 0;
      return { run: () => getTodo(person.scope(), ids[next++ % ids.length] ?? "") };
    },
  },
  {
    name: "a todo's history",
    prepare: async (person) => {
      const ids = await someIds(person);
      let next = 0;
      return { run: () => getHistory(person.scope(), ids[next++ % ids.length] ?? "") };
    },
  },
  read("activity", ({ scope }) => listActivity(scope())),
  read("tags", ({ scope }) => listTags(scope())),
];

function list(name: string, filter: TodoFilter): Operation {
  return read(name, ({ scope }) => listTodos(scope(), filter));
}

function parsed(text: string, options: { typing?: boolean } = {}): QueryNode {
  const result = parseQuery(text, options);
  if (!result.ok || result.query === null) throw new Error(`"${text}" asks for nothing.`);
  return result.query;
}

function firstPage(sort: TodoSort): Operation {
  return list(`list by ${sort}`, { sort, status: "all" });
}

/** The page that begins after row 249,950; only one person has so many. */
function farPage(sort: TodoSort): Operation {
  const filter: TodoFilter = { sort, status: "all" };
  return {
    name: `list by ${sort}, page ${FAR_PAGE.toLocaleString("en")}`,
    prepare: async ({ owner, userId, scope }) => {
      const order = {
        priority: "priority desc, created_at desc, id desc",
        due: "due_date, coalesce(due_time, '24:00'), id",
        created: "created_at desc, id desc",
        updated: "updated_at desc, id desc",
        title: "title collate app.natural, id",
      }[sort];
      const { rows } = await owner.query<TodoRow>(
        `select id, title, priority, created_at as "createdAt", updated_at as "updatedAt",
                due_date::text as "dueDate", to_char(due_time, 'HH24:MI') as "dueTime"
           from todos where user_id = $1 and deleted_at is null order by ${order} offset $2 limit 1`,
        [userId, PAGE_SIZE * (FAR_PAGE - 1) - 1],
      );
      const [last] = rows;
      if (last === undefined) return null;
      const cursor = writeCursor(scope().sealed, cursorList(filter), last);
      return {
        run: async () => {
          const page = await listTodos(scope(), { ...filter, cursor });
          if (page.cursorLost || page.rows.length < PAGE_SIZE) throw new Error("This is not the far page.");
        },
      };
    },
  };
}

/** Those whose names begin with "search: " are the kinds of words that have a goal. */
function search(name: string, queryOf: (person: BenchPerson) => QueryNode | Promise<QueryNode>): Operation {
  return {
    name,
    prepare: async (person) => {
      const query = await queryOf(person);
      return { run: () => searchTodos(person.scope(), { query }) };
    },
  };
}

/** A word that stands in one title of theirs. */
async function rareWord({ owner, userId }: BenchPerson): Promise<string> {
  const { rows } = await owner.query<{ word: string }>(
    `select w.word from (select * from todos where user_id = $1 order by id limit 2000) t
      cross join lateral regexp_split_to_table(lower(split_part(title, ' · ', 1)), ' ') as w (word)
      where length(w.word) >= 8 group by 1 order by count(*), length(w.word) desc, 1 limit 1`,
    [userId],
  );
  return rows[0]?.word ?? "";
}

async function oneTitle(owner: BenchPerson["owner"], userId: string): Promise<string> {
  const { rows } = await owner.query<{ title: string }>(
    "select title from todos where user_id = $1 limit 1",
    [userId],
  );
  return rows[0]?.title ?? "";
}

/** Ids from all over their history. */
export async function someIds({ owner, userId }: BenchPerson, condition = "true"): Promise<string[]> {
  const { rows } = await owner.query<{ id: string }>(
    `select id from todos where user_id = $1 and deleted_at is null and ${condition}
      order by hashtext(id::text) limit 1000`,
    [userId],
  );
  return rows.map(({ id }) => id);
}
