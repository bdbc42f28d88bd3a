import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { PAGE_SIZE } from "@/lib/db/limits";
import { listTodos, listTrash } from "@/lib/todos/repository";
import { TODO_SORTS, type TodoFilter, type TodoPage, type TodoSort } from "@/lib/todos/types";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  // What is remembered does not matter here, and remembering thousands of rows takes long.
  await database.sql("alter table todos disable trigger audit_insert");
});
afterAll(() => database.drop());

type Row = {
  id: string;
  title: string;
  status: string;
  priority: number;
  dueDate: string | null;
  dueTime: string | null;
  createdAt: string;
  updatedAt: string;
  deletedAt: string | null;
};

/** Few different values, so that most rows are like others in all but their id. */
const instants = fc.constantFrom(
  "2026-11-20T10:00:00.000Z",
  "2026-11-20T10:00:00.001Z",
  "2026-10-25T00:30:00.999Z",
);
const someDays = fc.constantFrom("1970-01-01", "2026-11-20", "9999-12-31");
const times = fc.option(fc.constantFrom("00:00", "09:30", "23:59"));
const due = fc.oneof(
  fc.record({ dueDate: fc.constant(null), dueTime: fc.constant(null) }),
  fc.record({ dueDate: someDays, dueTime: times }),
);
const row: fc.Arbitrary<Row> = fc
  .tuple(
    due,
    fc.record({
      id: fc.uuid(),
      title: fc.constantFrom("Buy milk", "Write"),
      status: fc.constantFrom("pending", "in_progress", "cancelled"),
      priority: fc.integer({ min: 0, max: 3 }),
      createdAt: instants,
      updatedAt: instants,
      deletedAt: fc.option(instants, { freq: 4 }),
    }),
  )
  .map(([dueFields, rest]) => ({ ...rest, ...dueFields }));
const manyRows = fc.uniqueArray(row, {
  selector: ({ id }) => id,
  minLength: 2 * PAGE_SIZE,
  maxLength: 4 * PAGE_SIZE,
  size: "max",
});

async function write(person: Person, rows: Row[]): Promise<void> {
  await database.sql(
    `insert into todos (id, organization_id, user_id, title, status, priority, due_date, due_time, created_at, updated_at, deleted_at)
     select r.id, $1, $2, r.title, r.status, r.priority, r."dueDate", r."dueTime", r."createdAt", r."updatedAt", r."deletedAt"
       from jsonb_to_recordset($3) as r (id uuid, title text, status todo_status, priority smallint, "dueDate" date,
              "dueTime" time, "createdAt" timestamptz, "updatedAt" timestamptz, "deletedAt" timestamptz)`,
    [person.organizationId, person.userId, JSON.stringify(rows)],
  );
}

/** All pages of a list, one after the other, by their cursors. */
async function walk(read: (cursor: string | undefined) => Promise<TodoPage>): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: TodoPage = await read(cursor);
    pages.push(page.rows.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  return pages;
}

type Key = string | number;

function compare(one: Key[], other: Key[]): number {
  const at = one.findIndex((key, index) => key !== other[index]);
  if (at === -1) return 0;
  return (one[at] ?? "") < (other[at] ?? "") ? -1 : 1;
}

const keysOf: Record<TodoSort | "deleted", (row: Row) => Key[]> = {
  priority: ({ priority, createdAt, id }) => [priority, createdAt, id],
  due: ({ dueDate, dueTime, id }) => [dueDate ?? "", dueTime ?? "24:00", id],
  created: ({ createdAt, id }) => [createdAt, id],
  updated: ({ updatedAt, id }) => [updatedAt, id],
  title: ({ title, id }) => [title, id],
  deleted: ({ deletedAt, id }) => [deletedAt ?? "", id],
};

/** The ids in the order that a list should have them in. */
function inOrder(rows: Row[], sort: TodoSort | "deleted", direction: "asc" | "desc"): string[] {
  const ascending = rows.toSorted((one, other) => compare(keysOf[sort](one), keysOf[sort](other)));
  const directed = direction === "asc" ? ascending : ascending.toReversed();
  if (sort !== "due") return directed.map(({ id }) => id);
  const dated = directed.filter(({ dueDate }) => dueDate !== null);
  const undated = directed.filter(({ dueDate }) => dueDate === null);
  return [...dated, ...undated].map(({ id }) => id);
}

describe("the pages of a list", () => {
  it("hold the whole list once, in order, by every sort and direction", async () => {
    const property = fc.asyncProperty(manyRows, manyRows, async (mine, theirs) => {
      const [mia, noah] = [await createPerson(database), await createPerson(database)];
      await write(mia, mine);
      await write(
        noah,
        theirs.map((one) => ({ ...one, id: newId() })),
      );
      const kept = mine.filter(({ deletedAt }) => deletedAt === null);
      for (const sort of TODO_SORTS) {
        for (const direction of ["asc", "desc"] as const) {
          const filter: TodoFilter = { status: "all", sort, direction };
          const pages = await walk((cursor) => listTodos(mia.scope(), { ...filter, cursor }));
          expect(pages.flat()).toEqual(inOrder(kept, sort, direction));
          expect(pages.slice(0, -1).every((page) => page.length === PAGE_SIZE)).toBe(true);
        }
      }
      const trash = await walk((cursor) => listTrash(mia.scope(), { cursor }));
      const deleted = mine.filter(({ deletedAt }) => deletedAt !== null);
      expect(trash.flat()).toEqual(inOrder(deleted, "deleted", "desc"));
    });
    await fc.assert(property, { numRuns: 6 });
  }, 60_000);

  it("hold the whole of a narrowed list, too", async () => {
    const property = fc.asyncProperty(manyRows, async (mine) => {
      const mia = await createPerson(database);
      await write(mia, mine);
      const narrowed: [TodoFilter, (one: Row) => boolean][] = [
        [{ status: "open" }, ({ status }) => status !== "cancelled"],
        [{ status: "all", due: "none" }, ({ dueDate }) => dueDate === null],
        [{ status: "all", due: "any" }, ({ dueDate }) => dueDate !== null],
        [
          { status: "all", query: { kind: "word", text: "MILK", prefix: false } },
          ({ title }) => title === "Buy milk",
        ],
        [{ status: "all", from: "2026-11-20" }, ({ dueDate }) => dueDate !== null && dueDate >= "2026-11-20"],
      ];
      for (const [filter, belongs] of narrowed) {
        for (const sort of TODO_SORTS) {
          const wanted = mine.filter((one) => one.deletedAt === null && belongs(one));
          const direction = sort === "due" ? "desc" : "asc";
          const pages = await walk((cursor) =>
            listTodos(mia.scope(), { ...filter, sort, direction, cursor }),
          );
          expect(pages.flat()).toEqual(inOrder(wanted, sort, direction));
        }
      }
    });
    await fc.assert(property, { numRuns: 3 });
  }, 60_000);

  it("show nothing twice and skip nothing when todos are added while they are read", async () => {
    const mia = await createPerson(database);
    const [first] = fc.sample(manyRows, { numRuns: 1, seed: 1 });
    const [added] = fc.sample(manyRows, { numRuns: 1, seed: 2 });
    const rows = (first ?? []).map((one) => ({ ...one, deletedAt: null }));
    await write(mia, rows);
    for (const sort of TODO_SORTS) {
      let turn = 0;
      const pages = await walk(async (cursor) => {
        const page = await listTodos(mia.scope(), { status: "all", sort, cursor });
        const more = (added ?? []).slice(turn * 7, turn * 7 + 7);
        await write(
          mia,
          more.map((one) => ({ ...one, id: newId(), title: "added", deletedAt: null })),
        );
        turn += 1;
        return page;
      });
      const ids = new Set(rows.map(({ id }) => id));
      expect(new Set(pages.flat()).size).toBe(pages.flat().length);
      expect(pages.flat().filter((id) => ids.has(id))).toEqual(
        inOrder(rows, sort, sort === "due" || sort === "title" ? "asc" : "desc"),
      );
    }
  });
});
