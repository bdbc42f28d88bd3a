import { describe, expect, it } from "vitest";
import {
  currentCounts,
  currentRow,
  isBeingAdded,
  knownRows,
  noTodos,
  todosReducer,
  type Change,
  type TodosEvent,
  type TodosState,
} from "@/app/_todos/reducer";
import { clock, counts, todoRow } from "./todo-rows";

function after(...events: TodosEvent[]): TodosState {
  return events.reduce(todosReducer, noTodos);
}
function asked(key: number, id: string, change: Change): TodosEvent {
  return { type: "asked", pending: { key, id, change } };
}
const row = todoRow("a");
const complete: Change = { kind: "patch", before: row, patch: { status: "completed" } };
const reopen: Change = {
  kind: "patch",
  before: { ...row, status: "completed" },
  patch: { status: "pending" },
};
const remove: Change = { kind: "patch", before: row, patch: { deletedAt: new Date(5) } };

describe("a row of the page", () => {
  it("is what the page says while nothing happened", () => {
    expect(currentRow(noTodos, row)).toBe(row);
  });

  it("shows a click at once", () => {
    expect(currentRow(after(asked(1, "a", complete)), row)?.status).toBe("completed");
  });

  it("returns to what it was when the server refuses", () => {
    const state = after(asked(1, "a", complete), { type: "refused", key: 1, gone: false });
    expect(currentRow(state, row)).toEqual(row);
  });

  it("goes when the server says that it is not there", () => {
    const state = after(asked(1, "a", complete), { type: "refused", key: 1, gone: true });
    expect(currentRow(state, row)).toBeNull();
    const back = todoRow("a", { version: 2 });
    expect(currentRow(state, back), "a page that has a later version of it").toBe(back);
  });

  it("is the answered one when that is newer, also on an older page that is shown again", () => {
    const answer = todoRow("a", { version: 2, title: "New" });
    const state = after({ type: "answered", row: answer, counts: counts() });
    expect(currentRow(state, row)?.title).toBe("New");
  });

  it("is the page's own when that is as new, because its tags may be newer", () => {
    const page = todoRow("a", { version: 2, tags: [{ id: "t", name: "renamed", colour: "#000000" }] });
    const state = after({ type: "answered", row: todoRow("a", { version: 2 }), counts: counts() });
    expect(currentRow(state, page)).toBe(page);
  });

  it("does not fall back to an answer that comes late", () => {
    const state = after(
      { type: "answered", row: todoRow("a", { version: 3, title: "Third" }), counts: counts() },
      { type: "answered", row: todoRow("a", { version: 2, title: "Second" }), counts: counts() },
    );
    expect(currentRow(state, row)?.title).toBe("Third");
  });

  it("shows the last of two quick clicks while the first is answered", () => {
    const state = after(asked(1, "a", complete), asked(2, "a", reopen), {
      type: "answered",
      key: 1,
      row: todoRow("a", { version: 2, status: "completed" }),
      counts: counts(),
    });
    expect(currentRow(state, row)?.status).toBe("pending");
  });

  it("comes back when its deletion is undone before the answer", () => {
    const restore: Change = {
      kind: "patch",
      before: { ...row, deletedAt: new Date(5) },
      patch: { deletedAt: null },
    };
    const state = after(asked(1, "a", remove), asked(2, "a", restore));
    expect(currentRow(state, row)?.deletedAt).toBeNull();
  });

  it("is not touched by what happens to others", () => {
    const others = ["b", "c", "d", "e"].map((id, key) => asked(key, id, complete));
    expect(currentRow(after(...others), row)).toBe(row);
  });

  it("is gone as soon as it is deleted for ever, and comes back when that is refused", () => {
    const asking = asked(1, "a", { kind: "purge", before: row });
    expect(currentRow(after(asking), row)).toBeNull();
    expect(currentRow(after(asking, { type: "purged", key: 1, counts: counts() }), row)).toBeNull();
    expect(currentRow(after(asking, { type: "refused", key: 1, gone: false }), row)).toEqual(row);
  });
});

describe("an added todo", () => {
  const adding = asked(1, "a", { kind: "add", row });

  it("is known at once and marked until it is answered", () => {
    const state = after(adding);
    expect(knownRows(state)).toEqual([row]);
    expect(isBeingAdded(state, "a")).toBe(true);
  });

  it("is known once after the answer", () => {
    const answer = todoRow("a", { title: "As stored" });
    const state = after(adding, { type: "answered", key: 1, row: answer, counts: counts() });
    expect(knownRows(state)).toEqual([answer]);
    expect(isBeingAdded(state, "a")).toBe(false);
  });

  it("goes when it is refused", () => {
    expect(knownRows(after(adding, { type: "refused", key: 1, gone: false }))).toEqual([]);
  });

  it("can be completed before it is answered", () => {
    expect(knownRows(after(adding, asked(2, "a", complete)))[0]?.status).toBe("completed");
  });

  it("stands before those added earlier", () => {
    const state = after(
      adding,
      { type: "answered", key: 1, row, counts: counts() },
      asked(2, "b", { kind: "add", row: todoRow("b") }),
      asked(3, "c", { kind: "add", row: todoRow("c") }),
    );
    expect(knownRows(state).map(({ id }) => id)).toEqual(["c", "b", "a"]);
  });
});

describe("counts", () => {
  const page = counts({ open: 10, overdue: 2, today: 3, upcoming: 4, trash: 1 });
  const shown = (state: TodosState) => currentCounts(state, page, clock);

  it("are the page's while nothing happened", () => {
    expect(shown(noTodos)).toEqual(page);
  });

  it("follow a click at once", () => {
    const due = todoRow("a", { dueDate: clock.today });
    const state = after(asked(1, "a", { kind: "patch", before: due, patch: { status: "completed" } }));
    expect(shown(state)).toEqual({ ...page, open: 9, today: 2 });
  });

  it("tell overdue, today and upcoming apart by day and time", () => {
    const dues: [string | null, string | null][] = [
      ["2026-11-19", null],
      ["2026-11-20", "09:00"],
      ["2026-11-20", "18:00"],
      ["2026-11-21", null],
      [null, null],
    ];
    const added = dues.map(([dueDate, dueTime], key) =>
      asked(key, String(key), { kind: "add", row: todoRow(String(key), { dueDate, dueTime }) }),
    );
    const state = after(...added);
    expect(shown(state)).toEqual({ open: 15, overdue: 4, today: 4, upcoming: 5, trash: 1 });
  });

  it("move to the trash and back with a deletion and its undoing", () => {
    const deleted = { ...row, deletedAt: new Date(5) };
    expect(shown(after(asked(1, "a", remove)))).toEqual({ ...page, open: 9, trash: 2 });
    const undone = after(
      asked(1, "a", remove),
      asked(2, "a", { kind: "patch", before: deleted, patch: { deletedAt: null } }),
    );
    expect(shown(undone)).toEqual(page);
  });

  it("are those of the answer, with what is still under way on top", () => {
    const state = after(
      asked(1, "a", complete),
      asked(2, "b", { kind: "patch", before: todoRow("b"), patch: { status: "completed" } }),
      { type: "answered", key: 1, row: todoRow("a", { version: 2 }), counts: counts({ open: 50 }) },
    );
    expect(shown(state).open).toBe(49);
  });

  it("come from a newer page, and not from an older one that is shown again", () => {
    const state = after(
      { type: "page_read", counts: counts({ open: 5 }), at: 100 },
      { type: "answered", row: null, counts: counts({ open: 4 }) },
      { type: "page_read", counts: counts({ open: 5 }), at: 100 },
    );
    expect(shown(state).open).toBe(4);
    const later = todosReducer(state, { type: "page_read", counts: counts({ open: 7 }), at: 101 });
    expect(shown(later).open).toBe(7);
  });
});
