import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { createSeal } from "@/lib/db/seal";
import { parseQuery } from "@/lib/query/parse";
import { cursorList, readCursor, TRASH_LIST, writeCursor } from "@/lib/todos/cursor";
import { directionOf, sortOf, statusOf, todoFilterToQuery } from "@/lib/todos/filter";
import { parseTodoFilter, parseTrashQuery } from "@/lib/todos/input";
import { DUE_FILTERS, STATUS_FILTERS, TODO_SORTS, type TodoFilter, type TodoRow } from "@/lib/todos/types";

const seal = createSeal("the hash of a token");

function queryOf(text: string) {
  const parsed = parseQuery(text);
  if (!parsed.ok || parsed.query === null) throw new Error(`${text} is no query`);
  return parsed.query;
}

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
const names = fc.uniqueArray(
  fc.constantFrom("home", "Deep work", "a&b=c", "caf\u00e9", "<script>", "50%", "none"),
  { minLength: 1, maxLength: 3 },
);
const presence = fc.constantFrom("none" as const, "any" as const);
const filters: fc.Arbitrary<TodoFilter> = fc.record(
  {
    status: fc.constantFrom(...STATUS_FILTERS),
    tags: fc
      .record({ all: names, any: names, none: names, presence }, { requiredKeys: [] })
      .filter((tags) => Object.keys(tags).length > 0),
    due: fc.constantFrom(...DUE_FILTERS),
    from: days,
    to: days,
    scheduled: presence,
    scheduledFrom: days,
    scheduledTo: days,
    priority: fc
      .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
      .map(([one, other]) => ({ min: Math.min(one, other), max: Math.max(one, other) })),
    query: fc
      .constantFrom("milk", "100%", '"a b" -c', "(x or tag:home) due:<today", "is:done", "in:title 🪨*")
      .map(queryOf),
    organizationId: fc.constant(newId()),
    owner: fc.constantFrom("me" as const, "everyone" as const, { userId: newId() }),
    sort: fc.constantFrom(...TODO_SORTS),
    direction: fc.constantFrom("asc" as const, "desc" as const),
  },
  { requiredKeys: [] },
);

/** With the defaults written out. */
function filled(filter: TodoFilter): TodoFilter {
  const { owner = "me" } = filter;
  return {
    ...filter,
    owner,
    status: statusOf(filter),
    sort: sortOf(filter),
    direction: directionOf(filter),
  };
}

const lost = "That place in the list is not known any more; this is its beginning.";

describe("a filter in an address", () => {
  it("comes back from its query as it was, but for defaults, and with its cursor", () => {
    fc.assert(
      fc.property(filters, fc.boolean(), (filter, hasCursor) => {
        const asked = hasCursor ? { ...filter, cursor: writeCursor(seal, cursorList(filter), row) } : filter;
        const query = todoFilterToQuery(asked);
        const { filter: read, problems } = parseTodoFilter(query);
        expect(problems).toEqual([]);
        expect(filled(read)).toEqual(filled(asked));
        expect(parseTodoFilter(Object.fromEntries(query))).toMatchObject({ filter: read, problems: [] });
      }),
    );
  });

  it("leaves defaults out of its query", () => {
    const queries: [TodoFilter, string][] = [
      [{ status: "open", sort: "priority", direction: "desc" }, ""],
      [{ sort: "due", direction: "asc" }, "sort=due"],
      [{ direction: "asc" }, "direction=asc"],
      [{ sort: "title", direction: "asc", owner: "me" }, "sort=title"],
      [{ tags: { all: [], any: ["a", "b"] } }, "anytag=a%2Cb"],
      [{ status: "all", query: queryOf("is:done") }, "q=is%3Adone"],
      [{ status: "open", query: queryOf("is:done") }, "status=open&q=is%3Adone"],
    ];
    for (const [filter, query] of queries) expect(todoFilterToQuery(filter).toString()).toBe(query);
  });

  it("counts empty parameters, as forms send them, as absent", () => {
    expect(parseTodoFilter(new URLSearchParams("status=&tag=&due=&q=&priority=&cursor="))).toEqual({
      filter: {},
      problems: [],
    });
  });

  it("leaves out what it does not understand, says so, and keeps the rest", () => {
    const query =
      "status=banana&due=someday&from=2026-02-30&priority=9&sort=colour&direction=up&tag=%00&anytag=,&tags=some" +
      "&scheduled=soon&organization=mine&owner=you&q=milk+(&cursor=a%20b&colour=red&to=2026-12-24";
    expect(parseTodoFilter(new URLSearchParams(query))).toEqual({
      filter: { to: "2026-12-24" },
      problems: [
        'The filter "status" cannot be "banana"; it was left out.',
        'The filter "due" cannot be "someday"; it was left out.',
        'The filter "from" cannot be "2026-02-30"; it was left out.',
        'The filter "priority" cannot be "9"; it was left out.',
        'The filter "sort" cannot be "colour"; it was left out.',
        'The filter "direction" cannot be "up"; it was left out.',
        'The filter "tag" cannot be "\ufffd"; it was left out.',
        'The filter "anytag" cannot be ","; it was left out.',
        'The filter "tags" cannot be "some"; it was left out.',
        'The filter "scheduled" cannot be "soon"; it was left out.',
        'The filter "organization" cannot be "mine"; it was left out.',
        'The filter "owner" cannot be "you"; it was left out.',
        lost,
        'There is no filter "colour"; it was left out.',
      ],
      typed: {
        text: "milk (",
        problem: { message: 'This "(" has no ")". Add one, or remove it.', from: 5, to: 6 },
      },
    });
  });

  it("takes the last word that is typed as the beginning of one, unless a space follows it", () => {
    expect(parseTodoFilter({ q: "mil" })).toEqual({
      filter: { query: { kind: "word", text: "mil", prefix: true } },
      problems: [],
      typed: { text: "mil", problem: null },
    });
    expect(parseTodoFilter({ q: "milk " }).filter).toEqual({
      query: { kind: "word", text: "milk", prefix: false },
    });
    expect(todoFilterToQuery({ query: queryOf("milk") }).get("q")).toBe("milk ");
  });

  it("takes several tags with commas between them, each kind by itself", () => {
    const query = "tag=a,%20b%20,&anytag=c,d&notag=e&tags=any";
    expect(parseTodoFilter(new URLSearchParams(query)).filter).toEqual({
      tags: { all: ["a", "b"], any: ["c", "d"], none: ["e"], presence: "any" },
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

describe("a cursor", () => {
  const list = cursorList({});
  const written = writeCursor(seal, list, row);

  it("says what it was written from", () => {
    expect(readCursor(seal, list, written)).toEqual([3, "2026-11-20T10:00:00.123Z", row.id]);
    const due = cursorList({ sort: "due" });
    expect(readCursor(seal, due, writeCursor(seal, due, row))).toEqual(["2026-12-24", "09:30", row.id]);
    expect(readCursor(seal, due, writeCursor(seal, due, { ...row, dueDate: null, dueTime: null }))).toEqual([
      null,
      null,
      row.id,
    ]);
    const title = cursorList({ sort: "title" });
    const long = { ...row, title: "🪨".repeat(200) };
    expect(readCursor(seal, title, writeCursor(seal, title, long))).toEqual([long.title, row.id]);
  });

  it("belongs to one list: another filter, order or direction does not know it", () => {
    const others: TodoFilter[] = [
      { status: "all" },
      { tags: { all: ["home"] } },
      { tags: { any: ["home"] } },
      { tags: { none: ["home"] } },
      { tags: { presence: "any" } },
      { due: "any" },
      { from: "2026-01-01" },
      { to: "2026-01-01" },
      { scheduled: "any" },
      { scheduledFrom: "2026-01-01" },
      { scheduledTo: "2026-01-01" },
      { priority: { min: 0, max: 5 } },
      { query: queryOf("x") },
      { organizationId: newId() },
      { owner: "everyone" },
      { owner: { userId: newId() } },
      { sort: "created" },
      { sort: "title" },
      { direction: "asc" },
    ];
    const lists = [...others.map((other) => cursorList(other)), TRASH_LIST];
    const cursors = lists.map((other) => writeCursor(seal, other, { ...row, deletedAt: row.createdAt }));
    for (const [index, cursor] of cursors.entries()) {
      const readers = lists.flatMap((other, place) => (readCursor(seal, other, cursor) ? [place] : []));
      expect(readers).toEqual([index]);
      expect(readCursor(seal, list, cursor)).toBeNull();
    }
    const same: TodoFilter = { status: "open", sort: "priority", direction: "desc", owner: "me", tags: {} };
    expect(readCursor(seal, cursorList(same), written)).not.toBeNull();
  });

  it("belongs to one session: nobody else's opens it, and nothing of it can be read", () => {
    const title = cursorList({ sort: "title" });
    const cursor = writeCursor(seal, title, { ...row, title: "Secret plans" });
    expect(readCursor(createSeal("another token's hash"), title, cursor)).toBeNull();
    const bytes = Buffer.from(cursor, "base64url").toString("latin1");
    for (const part of ["Secret", "plans", row.id, row.id.slice(0, 8)]) expect(bytes).not.toContain(part);
    // The same place twice does not look the same either.
    expect(writeCursor(seal, title, row)).not.toBe(writeCursor(seal, title, row));
  });

  it("that was tampered with is none", () => {
    const at = "2026-11-20T10:00:00.123Z";
    // What even this session could not have written for a list of ours, sealed as if it had.
    const purpose = `cursor priority desc ${list.shows}`;
    expect(readCursor(seal, list, seal.seal(JSON.stringify([3, at, row.id]), purpose))).not.toBeNull();
    const forged = [
      null,
      [],
      { 0: 3, 1: at, 2: row.id },
      [6, at, row.id],
      ["3", at, row.id],
      [3, "now()", row.id],
      [3, "infinity", row.id],
      [3, "2026-02-30T10:00:00.123Z", row.id],
      [3, "+275760-09-13T00:00:00.000Z", row.id],
      [3, "0000-01-01T00:00:00.000Z", row.id],
      [3, at, "1 or 1=1"],
      [3, at],
      [3, at, row.id, 1],
    ].map((value) => seal.seal(JSON.stringify(value), purpose));
    const flipped = Array.from(
      written,
      (letter, index) => written.slice(0, index) + (letter === "A" ? "B" : "A") + written.slice(index + 1),
    );
    const tampered = [
      "",
      "x",
      "%%%",
      "null",
      `${written}A`,
      `${written}=`,
      written.slice(1),
      "A".repeat(10_000),
      ...flipped,
      ...forged,
    ];
    expect(tampered.filter((cursor) => readCursor(seal, list, cursor) !== null)).toEqual([]);
  });

  it("of the trash is read for the trash", () => {
    const deletedAt = new Date("2026-11-20T12:00:00.789Z");
    const cursor = writeCursor(seal, TRASH_LIST, { ...row, deletedAt });
    expect(readCursor(seal, TRASH_LIST, cursor)).toEqual(["2026-11-20T12:00:00.789Z", row.id]);
    expect(readCursor(seal, TRASH_LIST, written)).toBeNull();
    expect(parseTrashQuery({ cursor })).toEqual({ cursor, problems: [] });
    expect(parseTrashQuery({ cursor: "%00" })).toEqual({ problems: [lost] });
    expect(parseTrashQuery(new URLSearchParams())).toEqual({ problems: [] });
  });
});
