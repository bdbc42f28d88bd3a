import { expect, it } from "vitest";
import { earlierValues } from "@/lib/audit/earlier-values";

const at = new Date("2026-11-20T12:00:00Z");
const todo = {
  title: "Buy milk",
  description: "",
  priority: 3,
  dueDate: "2026-12-05",
  dueTime: "08:30",
  scheduledFor: null,
};
const valuesOf = (changes: Record<string, [unknown, unknown]>) =>
  earlierValues({ entityType: "todo", changes, at }, todo);

it("gives what each field of an entry was before, with another year than the entry's", () => {
  expect(
    valuesOf({
      title: ["Milk", "Buy milk"],
      description: ["Two", ""],
      priority: [0, 3],
      due_date: ["2027-01-02", "2026-12-05"],
      due_time: [null, "08:30:00"],
      scheduled_for: ["2026-12-01", null],
      status: ["pending", "completed"],
    }),
  ).toEqual([
    { field: "title", name: "Title", value: "Milk" },
    { field: "description", name: "Description", value: "Two" },
    { field: "priority", name: "Priority", value: "0" },
    { field: "dueDate", name: "Due date", value: "2 Jan 2027" },
    { field: "dueTime", name: "Due time", value: null },
    { field: "scheduledFor", name: "Scheduled for", value: "1 Dec" },
  ]);
});

it("leaves out what the field is again", () => {
  expect(
    valuesOf({ title: ["Buy milk", "Milk"], due_time: ["08:30:00", null], description: ["", "x"] }),
  ).toEqual([]);
});

it("gives nothing of what made the todo, nor of another thing than a todo", () => {
  expect(valuesOf({ id: [null, "1"], title: [null, "Milk"] })).toEqual([]);
  expect(earlierValues({ entityType: "tag", changes: { title: ["A", "B"] }, at }, todo)).toEqual([]);
});
