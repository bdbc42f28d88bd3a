import { describe, expect, it } from "vitest";
import { isLate } from "@/app/_todos/status";
import { clock, todoRow } from "./todo-rows";

describe("isLate", () => {
  it("is never said of what is done", () => {
    const late = { dueDate: "2026-11-01" };
    expect(isLate(todoRow("a", late), clock)).toBe(true);
    expect(isLate(todoRow("a", { ...late, status: "completed" }), clock)).toBe(false);
    expect(isLate(todoRow("a", { ...late, status: "cancelled" }), clock)).toBe(false);
  });
});
