import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { cursorList, readCursor, TRASH_LIST, writeCursor } from "@/lib/todos/cursor";
import { todoFilterToQuery } from "@/lib/todos/filter";
import { parseTodoFilter, parseTrashQuery } from "@/lib/todos/input";
import { DUE_FILTERS, STATUS_FILTERS, TODO_SORTS, type TodoFilter, type TodoRow } from "@/lib/todos/types";

const row: TodoRow = {
  id: newId(),
  organizationId: newId(),
  title: "x",
  hasDescription: false,
  status: "pending",
  priority: 3,
  dueDate: "2026-12-24",
  dueTime: "09:30",
  scheduledFor: null,
  completedAt: null,
  createdAt: new Date("2026-11-20T10:00:00.123Z"),
  updatedAt: new Date("2026-11-20T11:00:00.456Z"),
  deletedAt: null,
  version: 1,
  tags: [],
};

const days = fc
  .date({ min: new Date("1970-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const filters: fc.Arbitrary<TodoFilter> = fc.record(
  {
    status: fc.constantFrom(...STATUS_FILTERS),
    tag: fc.constantFrom("home", "Deep work", "a&b=c", "caf\u00e9", "<script>", "50%"),
    due: fc.constantFrom(...DUE_FILTERS),
    from: days,
    to: days,
    priority: fc
      .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
      .map(([one, other]) => ({ min: Math.min(one, other), max: Math.max(one, other) })),
    text: fc.constantFrom("milk", "100%", "a_b", "\\", "🪨", "x y"),
    sort: fc.constantFrom(...TODO_SORTS),
    direction: fc.constantFrom("asc" as const, "desc" as const),
  },
  { requiredKeys: [] },
);

/** With the defaults written out. */
function filled(filter: TodoFilter): TodoFilter {
  const { status = "open", sort = "priority" } = filter;
  const { direction = sort === "due" ? "asc" : "desc" } = filter;
  return { ...filter, status, sort, direction };
}

describe("a filter in an address", () => {
  it("comes back from its query as it was, but for defaults, and with its cursor", () => {
    fc.assert(
      fc.property(filters, fc.boolean(), (filter, hasCursor) => {
        const asked = hasCursor ? { ...filter, cursor: writeCursor(cursorList(filter), row) } : filter;
        const query = todoFilterToQuery(asked);
        const { filter: read, problems } = parseTodoFilter(query);
        expect(problems).toEqual([]);
        expect(filled(read)).toEqual(filled(asked));
        expect(parseTodoFilter(Object.fromEntries(query))).toEqual({ filter: read, problems: [] });
      }),
    );
  });

  it("leaves defaults out of its query", () => {
    const queries: [TodoFilter, string][] = [
      [{ status: "open", sort: "priority", direction: "desc" }, ""],
      [{ sort: "due", direction: "asc" }, "sort=due"],
      [{ direction: "asc" }, "direction=asc"],
    ];
    for (const [filter, query] of queries) expect(todoFilterToQuery(filter).toString()).toBe(query);
  });

  it("counts empty parameters, as forms send them, as absent", () => {
    expect(parseTodoFilter(new URLSearchParams("status=&tag=&due=&text=&priority=&cursor="))).toEqual({
      filter: {},
      problems: [],
    });
  });

  it("leaves out what it does not understand, says so, and keeps the rest", () => {
    const query =
      "status=banana&due=someday&from=2026-02-30&priority=9&sort=title&direction=up&tag=a,b&text=a%00b&colour=red&to=2026-12-24";
    expect(parseTodoFilter(new URLSearchParams(query))).toEqual({
      filter: { to: "2026-12-24" },
      problems: [
        'The filter "status" cannot be "banana"; it was left out.',
        'The filter "due" cannot be "someday"; it was left out.',
        'The filter "from" cannot be "2026-02-30"; it was left out.',
        'The filter "priority" cannot be "9"; it was left out.',
        'The filter "sort" cannot be "title"; it was left out.',
        'The filter "direction" cannot be "up"; it was left out.',
        'The filter "tag" cannot be "a,b"; it was left out.',
        'The filter "text" cannot be "a\ufffdb"; it was left out.',
        'There is no filter "colour"; it was left out.',
      ],
    });
  });

  it("does not complain about what belongs to the page", () => {
    expect(parseTodoFilter({ panel: "open", due: "today" }, ["panel"])).toEqual({
      filter: { due: "today" },
      problems: [],
    });
  });

  it("takes the last of several, one priority as a range, and a range either way round", () => {
    expect(parseTodoFilter({ due: ["today", "overdue"], priority: "5-4" }).filter).toEqual({
      due: "overdue",
      priority: { min: 4, max: 5 },
    });
    expect(parseTodoFilter({ priority: "3" }).filter).toEqual({ priority: { min: 3, max: 3 } });
  });

  it("is not misled by names that every object has", () => {
    const query = new URLSearchParams("__proto__=x&constructor=y&toString=z");
    expect(parseTodoFilter(query).filter).toEqual({});
    expect(parseTodoFilter({ constructor: "y" }).problems).toEqual([
      'There is no filter "constructor"; it was left out.',
    ]);
  });
});

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decode = (text: string): object => JSON.parse(Buffer.from(text, "base64url").toString()) as object;

describe("a cursor", () => {
  const list = cursorList({});
  const lost = "That place in the list is not known any more; this is its beginning.";

  it("says what it was written from", () => {
    expect(readCursor(list, writeCursor(list, row))?.after).toEqual([3, "2026-11-20T10:00:00.123Z", row.id]);
    const due = cursorList({ sort: "due" });
    expect(readCursor(due, writeCursor(due, row))?.after).toEqual(["2026-12-24", "09:30", row.id]);
    expect(readCursor(due, writeCursor(due, { ...row, dueDate: null, dueTime: null }))?.after).toEqual([
      null,
      null,
      row.id,
    ]);
  });

  it("belongs to one list: another filter, order or direction does not know it", () => {
    const cursor = writeCursor(list, row);
    const others: TodoFilter[] = [
      { status: "all" },
      { tag: "home" },
      { due: "any" },
      { from: "2026-01-01" },
      { to: "2026-01-01" },
      { priority: { min: 0, max: 5 } },
      { text: "x" },
      { sort: "created" },
      { direction: "asc" },
    ];
    for (const other of others) {
      expect(readCursor(cursorList(other), cursor)).toBeNull();
      expect(parseTodoFilter({ ...Object.fromEntries(todoFilterToQuery(other)), cursor })).toEqual({
        filter: other,
        problems: [lost],
      });
    }
    expect(readCursor(TRASH_LIST, cursor)).toBeNull();
    expect(parseTodoFilter({ cursor })).toEqual({ filter: { cursor }, problems: [] });
    expect(parseTodoFilter({ cursor, status: "open", sort: "priority", direction: "desc" }).problems).toEqual(
      [],
    );
  });

  it("that was tampered with is none", () => {
    const good = decode(writeCursor(list, row));
    const at = "2026-11-20T10:00:00.123Z";
    const tampered = [
      "",
      "x",
      "%%%",
      "null",
      `${writeCursor(list, row)}A`,
      "A".repeat(10_000),
      encode(null),
      encode([]),
      encode({ ...good, extra: 1 }),
      encode({ ...good, after: [6, at, row.id] }),
      encode({ ...good, after: ["3", at, row.id] }),
      encode({ ...good, after: [3, "now()", row.id] }),
      encode({ ...good, after: [3, "infinity", row.id] }),
      encode({ ...good, after: [3, "2026-02-30T10:00:00.123Z", row.id] }),
      encode({ ...good, after: [3, "+275760-09-13T00:00:00.000Z", row.id] }),
      encode({ ...good, after: [3, "0000-01-01T00:00:00.000Z", row.id] }),
      encode({ ...good, after: [3, at, "1 or 1=1"] }),
      encode({ ...good, after: [3, at] }),
      encode({ ...good, after: [3, at, row.id, 1] }),
      encode({ ...good, sort: "due", after: [null, "09:30", row.id] }),
      encode({ ...good, sort: "created" }),
      encode({ ...good, filter: 1 }),
    ];
    expect(tampered.filter((cursor) => readCursor(list, cursor) !== null)).toEqual([]);
    expect(parseTodoFilter({ cursor: "x" })).toEqual({ filter: {}, problems: [lost] });
  });

  it("of the trash is read for the trash", () => {
    const deletedAt = new Date("2026-11-20T12:00:00.789Z");
    const cursor = writeCursor(TRASH_LIST, { ...row, deletedAt });
    expect(parseTrashQuery({ cursor })).toEqual({ cursor, problems: [] });
    expect(parseTrashQuery({ cursor: writeCursor(list, row) })).toEqual({
      cursor: undefined,
      problems: [lost],
    });
    expect(parseTrashQuery(new URLSearchParams())).toEqual({ cursor: undefined, problems: [] });
  });
});
