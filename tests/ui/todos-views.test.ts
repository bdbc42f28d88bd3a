import { describe, expect, it } from "vitest";
import { noTodos, todosReducer, type TodosEvent, type TodosState } from "@/app/_todos/reducer";
import {
  groupByDay,
  groupToday,
  listRows,
  matchesFilter,
  type Group,
  type Listed,
  type ListPage,
  type ListView,
} from "@/app/_todos/views";
import { parseQuery } from "@/lib/query/parse";
import type { QueryNode } from "@/lib/query/types";
import type { TodoFilter, Todo } from "@/lib/todos/types";
import { clock, counts, readAt, todoRow } from "./todo-rows";

function queryOf(text: string): QueryNode {
  const parsed = parseQuery(text);
  if (!parsed.ok || parsed.query === null) throw new Error(`${text} is no query`);
  return parsed.query;
}

const since = new Date(readAt + 1000);
const made = (id: string, more: Partial<Todo> = {}) =>
  todoRow(id, { createdAt: since, updatedAt: since, ...more });
const changed = (id: string, more: Partial<Todo> = {}) =>
  todoRow(id, { updatedAt: since, version: 2, ...more });

function answered(...rows: Todo[]): TodosState {
  return rows.reduce(
    (state, row) => todosReducer(state, { type: "answered", row, counts: counts() }),
    noTodos,
  );
}
function shown(state: TodosState, view: ListView, rows: Todo[], more: Partial<ListPage> = {}) {
  return listRows(state, { rows, readAt, first: true, ...more }, view, clock).map(({ todo }) => todo.id);
}
function listOf(...rows: Todo[]): Listed[] {
  return rows.map((todo) => ({ todo, adding: false }));
}
function read(groups: readonly Group[]) {
  return groups.map(({ heading, rows }) => [heading, ...rows.map(({ todo }) => todo.id)]);
}
const today = { dueDate: clock.today };

describe("what the page brought", () => {
  it("stays in its place when it is completed", () => {
    const state = answered(changed("b", { ...today, status: "completed" }));
    const rows = ["a", "b", "c"].map((id) => todoRow(id, today));
    expect(shown(state, { kind: "today" }, rows)).toEqual(["a", "b", "c"]);
  });

  it("goes when it is deleted, and from the trash when it is restored", () => {
    const deleted = answered(changed("a", { ...today, deletedAt: since }));
    expect(shown(deleted, { kind: "today" }, [todoRow("a", today)])).toEqual([]);
    const restored = answered(changed("b", today));
    expect(shown(restored, { kind: "trash" }, [todoRow("b", { deletedAt: since })])).toEqual([]);
  });

  it("goes from Today and from Upcoming when its day moves out of it", () => {
    const state = answered(changed("a", { dueDate: "2026-12-01" }), changed("b", today));
    expect(shown(state, { kind: "today" }, [todoRow("a", today)])).toEqual(["b"]);
    expect(shown(state, { kind: "upcoming" }, [todoRow("b", { dueDate: "2026-12-01" })])).toEqual(["a"]);
  });

  it("stays in a list that is searched or filtered, whatever it has become", () => {
    const state = answered(changed("a", { priority: 0 }));
    const filter = { priority: { min: 4, max: 5 } };
    expect(shown(state, { kind: "filter", filter }, [todoRow("a", { priority: 5 })])).toEqual(["a"]);
  });
});

describe("what was added since", () => {
  it("stands first where it belongs and nowhere else", () => {
    const state = answered(made("new", today));
    expect(shown(state, { kind: "today" }, [todoRow("a", today)])).toEqual(["new", "a"]);
    expect(shown(state, { kind: "upcoming" }, [])).toEqual([]);
    expect(shown(state, { kind: "filter", filter: {} }, [])).toEqual(["new"]);
    expect(shown(state, { kind: "filter", filter: { status: "done" } }, [])).toEqual([]);
    expect(shown(state, { kind: "fixed" }, [])).toEqual([]);
    expect(shown(state, { kind: "trash" }, [])).toEqual([]);
  });

  it("stands first where only the database knows whether it belongs, until the list is read again", () => {
    const filter = { query: queryOf("milk") };
    expect(shown(answered(made("new")), { kind: "filter", filter }, [todoRow("a")])).toEqual(["new", "a"]);
    expect(shown(answered(changed("old")), { kind: "filter", filter }, [todoRow("a")])).toEqual(["a"]);
  });

  it("is shown once when the page holds it already", () => {
    const row = made("new", today);
    expect(shown(answered(row), { kind: "today" }, [row])).toEqual(["new"]);
  });

  it("stays where it is when it is completed too", () => {
    const state = answered(made("new", { ...today, status: "completed", version: 2 }));
    expect(shown(state, { kind: "today" }, [])).toEqual(["new"]);
  });

  it("is not shown on later pages of a list, nor on a page that was read after it", () => {
    const state = answered(made("new", today));
    expect(shown(state, { kind: "filter", filter: {} }, [], { first: false })).toEqual([]);
    const later = since.getTime() + 60_000;
    expect(shown(state, { kind: "filter", filter: {} }, [], { readAt: later })).toEqual([]);
  });

  it("is not shown any more when it was completed before the page was read", () => {
    const state = answered(made("new", { ...today, status: "completed", version: 2 }));
    expect(shown(state, { kind: "today" }, [], { readAt: since.getTime() + 500 })).toEqual([]);
  });

  it("is shown on a page that was read while it was being written", () => {
    const state = answered(made("new", today));
    expect(shown(state, { kind: "today" }, [], { readAt: since.getTime() + 500 })).toEqual(["new"]);
  });

  it("is marked while the server has not answered", () => {
    const event: TodosEvent = {
      type: "asked",
      pending: { key: 1, id: "new", change: { kind: "add", row: made("new", today) } },
    };
    const list = listRows(
      todosReducer(noTodos, event),
      { rows: [], readAt, first: true },
      { kind: "today" },
      clock,
    );
    expect(list).toMatchObject([{ adding: true, todo: { id: "new" } }]);
  });
});

describe("what was deleted since", () => {
  it("stands first in the trash", () => {
    const deletedAt = new Date(readAt);
    const state = answered(changed("a", { deletedAt: since }));
    expect(shown(state, { kind: "trash" }, [todoRow("b", { deletedAt })])).toEqual(["a", "b"]);
  });
});

describe("matchesFilter", () => {
  const work = { id: "t", name: "Work", colour: "#000000" };
  it.each<[string, Partial<Todo>, TodoFilter, boolean | null]>([
    ["open by default", { status: "in_progress" }, {}, true],
    ["open by default, not done", { status: "cancelled" }, {}, false],
    ["done", { status: "cancelled" }, { status: "done" }, true],
    ["all", { status: "completed" }, { status: "all" }, true],
    ["one status", { status: "pending" }, { status: "in_progress" }, false],
    ["a tag without regard to case", { tags: [work] }, { tags: { all: ["wORK"] } }, true],
    ["a tag it has not", { tags: [work] }, { tags: { all: ["Work", "home"] } }, false],
    ["without a due date", {}, { due: "none" }, true],
    ["without a due date, having one", today, { due: "none" }, false],
    ["overdue", { dueDate: "2026-11-19" }, { due: "overdue" }, true],
    ["overdue by its time", { ...today, dueTime: "09:00" }, { due: "overdue" }, true],
    ["today", today, { due: "today" }, true],
    ["today, but its time has passed", { ...today, dueTime: "09:00" }, { due: "today" }, false],
    ["with any due date", today, { due: "any" }, true],
    ["with any due date, without one", {}, { due: "any" }, false],
    ["until today", { dueDate: "2026-11-01" }, { due: "until_today" }, true],
    ["upcoming", { dueDate: "2026-11-21" }, { due: "upcoming" }, true],
    ["upcoming, without a date", {}, { due: "upcoming" }, false],
    ["from a day on", today, { from: "2026-11-20", to: "2026-11-20" }, true],
    ["from a day on, without a date", {}, { from: "2026-11-20" }, false],
    ["until a day", { dueDate: "2026-11-21" }, { to: "2026-11-20" }, false],
    ["a range of priorities", { priority: 4 }, { priority: { min: 4, max: 5 } }, true],
    ["another range of priorities", { priority: 3 }, { priority: { min: 4, max: 5 } }, false],
    ["one of several tags", { tags: [work] }, { tags: { any: ["home", "work"] } }, true],
    ["none of several tags", { tags: [work] }, { tags: { none: ["home", "work"] } }, false],
    ["some tag", { tags: [work] }, { tags: { presence: "any" } }, true],
    ["no tag", { tags: [work] }, { tags: { presence: "none" } }, false],
    ["planned for some day", { scheduledFor: "2026-11-20" }, { scheduled: "any" }, true],
    ["planned for no day", { scheduledFor: "2026-11-20" }, { scheduled: "none" }, false],
    ["planned from a day on", { scheduledFor: "2026-11-20" }, { scheduledFrom: "2026-11-20" }, true],
    ["planned until a day, without one", {}, { scheduledTo: "2026-11-20" }, false],
    ["another organization's", {}, { organizationId: "0" }, false],
    ["a query", { tags: [work] }, { query: queryOf("tag:work priority:<3") }, true],
    ["a query, not", {}, { query: queryOf("tag:work") }, false],
    [
      "a query for a status, whatever is the default",
      { status: "completed" },
      { query: queryOf("is:done") },
      true,
    ],
    ["words, which only the database compares", {}, { query: queryOf("milk") }, null],
    ["words, but not this tag", {}, { query: queryOf("milk"), tags: { all: ["work"] } }, false],
    ["a colleague's", {}, { owner: "everyone" }, null],
  ])("%s", (_title, row, filter, expected) => {
    expect(matchesFilter(todoRow("a", row), filter, clock)).toBe(expected);
  });
});

describe("groups", () => {
  it("of Today put what is late first, by day and time, the most important first", () => {
    const groups = groupToday(
      listOf(
        todoRow("plain", today),
        todoRow("urgent", { ...today, priority: 5 }),
        todoRow("evening", { ...today, dueTime: "18:00" }),
        todoRow("morning", { ...today, dueTime: "09:00" }),
        todoRow("old", { dueDate: "2026-11-01" }),
      ),
      clock,
    );
    expect(read(groups)).toEqual([
      ["Overdue", "old", "morning"],
      ["Today", "evening", "urgent", "plain"],
    ]);
  });

  it("of Today leave out what is empty", () => {
    expect(read(groupToday(listOf(todoRow("a", today)), clock))).toEqual([["Today", "a"]]);
    expect(groupToday([], clock)).toEqual([]);
  });

  it("of Today keep a completed row where it was", () => {
    const rows = listOf(todoRow("old", { dueDate: "2026-11-01", status: "completed" }));
    expect(read(groupToday(rows, clock))).toEqual([["Overdue", "old"]]);
  });

  it("by day hold one day each, the nearest first, however the rows come", () => {
    const groups = groupByDay(
      listOf(
        todoRow("c", { dueDate: "2026-12-01" }),
        todoRow("a", { dueDate: "2026-11-21" }),
        todoRow("b", { dueDate: "2026-12-01", dueTime: "08:00" }),
      ),
      clock,
    );
    expect(read(groups)).toEqual([
      ["Tomorrow · Saturday 21 November", "a"],
      ["Tuesday 1 December", "b", "c"],
    ]);
  });
});
