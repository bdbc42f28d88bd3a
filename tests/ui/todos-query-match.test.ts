import { describe, expect, it } from "vitest";
import { matchesQuery } from "@/app/_todos/query-match";
import { parseQuery } from "@/lib/query/parse";
import type { Todo } from "@/lib/todos/types";
import { clock, todoRow } from "./todo-rows";

function matches(text: string, more: Partial<Todo>): boolean | null {
  const parsed = parseQuery(text);
  if (!parsed.ok || parsed.query === null) throw new Error(text);
  return matchesQuery(todoRow("a", more), parsed.query, clock);
}

const home = { id: "1", name: "Home", colour: "#000000" };

describe("matchesQuery", () => {
  it.each<[text: string, todo: Partial<Todo>, other: Partial<Todo>]>([
    ["tag:HOME", { tags: [home] }, {}],
    ["tag:none", {}, { tags: [home] }],
    ["tag:any", { tags: [home] }, {}],
    ["status:in-progress", { status: "in_progress" }, { status: "pending" }],
    ["is:open", { status: "in_progress" }, { status: "cancelled" }],
    ["is:done", { status: "cancelled" }, { status: "pending" }],
    ["is:overdue", { dueDate: "2026-11-19" }, { dueDate: "2026-11-19", status: "completed" }],
    ["is:overdue", { dueDate: clock.today, dueTime: "14:00" }, { dueDate: clock.today, dueTime: "15:00" }],
    ["priority:>=4", { priority: 4 }, { priority: 3 }],
    ["priority:2..4", { priority: 2 }, { priority: 5 }],
    ["priority:<2", { priority: 1 }, { priority: 2 }],
    ["priority:3", { priority: 3 }, { priority: 2 }],
    ["due:today", { dueDate: clock.today }, { dueDate: "2026-11-21" }],
    ["due:tomorrow", { dueDate: "2026-11-21" }, {}],
    ["due:<=+7d", { dueDate: "2026-11-27" }, { dueDate: "2026-11-28" }],
    ["due:<2026-12-01", { dueDate: "2026-11-30" }, {}],
    ["-due:<2026-12-01", {}, { dueDate: "2026-11-30" }],
    ["due:none", {}, { dueDate: clock.today }],
    ["scheduled:any", { scheduledFor: clock.today }, {}],
    ["scheduled:>yesterday", { scheduledFor: clock.today }, { scheduledFor: "2026-11-19" }],
    ["has:description", { hasDescription: true }, {}],
    ["tag:home or priority:5", { priority: 5 }, {}],
    ["tag:home priority:5", { tags: [home], priority: 5 }, { priority: 5 }],
    ["-(tag:home or priority:5)", {}, { tags: [home] }],
  ])("says of %s what the database would", (text, todo, other) => {
    expect(matches(text, todo)).toBe(true);
    expect(matches(text, other)).toBe(false);
  });

  it.each([
    ["milk", { title: "Buy milk" }],
    ["-milk", {}],
    ['"buy milk"', {}],
    ["in:title milk", {}],
    ["created:today", {}],
    ["completed:today", { completedAt: new Date() }],
    ["milk or priority:5", {}],
    ["milk priority:0", {}],
  ])("does not decide %s, which is the database's to say", (text, todo) => {
    expect(matches(text, todo)).toBeNull();
  });

  it("decides what words cannot change", () => {
    expect(matches("milk priority:5", {})).toBe(false);
    expect(matches("milk or priority:0", {})).toBe(true);
    expect(matches("completed:today", {})).toBe(false);
  });
});
