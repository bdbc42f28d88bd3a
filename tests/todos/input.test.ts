import { describe, expect, expectTypeOf, it } from "vitest";
import type { z } from "zod";
import { fieldErrors } from "@/lib/result";
import { readForm } from "@/lib/form";
import { newTodoInput, todoEditInput, todoIdInput } from "@/lib/todos/input";
import { newRow, rowEdit } from "@/lib/todos/rows";
import type { NewTodo, TodoEdit } from "@/lib/todos/types";

/** The messages of a refused input, by field; {} when it is taken. */
function problems(schema: z.ZodType, input: unknown): Record<string, string[]> {
  const parsed = schema.safeParse(input);
  return parsed.success ? {} : fieldErrors(parsed.error);
}

function form(...fields: [string, string][]): unknown {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  return readForm(data);
}

const edit = { id: "01a1f895-a4a3-7017-a001-f2298dc1898f", version: 1 };

describe("newTodoInput", () => {
  it("takes a title alone", () => {
    expect(newTodoInput.parse({ title: "Buy milk" })).toEqual({ title: "Buy milk" });
  });

  it("reads a form: texts, empty fields, tags with commas, and fields that are not its own", () => {
    const sent = form(
      ["title", " Buy milk "],
      ["description", "two\r\nbottles"],
      ["priority", "4"],
      ["dueDate", "2026-12-24"],
      ["dueTime", "09:30"],
      ["scheduledFor", ""],
      ["tags", "Home,  errands , , Home"],
      ["returnTo", "/today"],
      ["$ACTION_ID_x", ""],
    );
    expect(newTodoInput.parse(sent)).toEqual({
      title: "Buy milk",
      description: "two\nbottles",
      priority: 4,
      dueDate: "2026-12-24",
      dueTime: "09:30",
      scheduledFor: null,
      tags: ["Home", "errands"],
    });
  });

  it("reads an empty form's fields as nothing chosen", () => {
    const sent = form(
      ["title", "x"],
      ["priority", ""],
      ["dueDate", ""],
      ["dueTime", " "],
      ["tags", ""],
      ["description", ""],
    );
    expect(newTodoInput.parse(sent)).toEqual({
      title: "x",
      priority: 0,
      dueDate: null,
      dueTime: null,
      tags: [],
      description: "",
    });
  });

  it("reads tags as a list, too", () => {
    const sent = form(["title", "x"], ["tags[]", ""], ["tags[]", "Home"], ["tags[]", "deep  work"]);
    expect(newTodoInput.parse(sent)).toEqual({ title: "x", tags: ["Home", "deep work"] });
    expect(newTodoInput.parse(form(["title", "x"], ["tags[]", ""]))).toEqual({ title: "x", tags: [] });
  });

  it("says what is wrong with each field, all at once", () => {
    const input = {
      title: " ",
      description: "x".repeat(10_001),
      priority: "6",
      dueDate: "2026-02-30",
      dueTime: "25:00",
      scheduledFor: "10000-01-01",
      tags: ["a,b"],
    };
    expect(problems(newTodoInput, input)).toEqual({
      title: ["Enter a title."],
      description: ["Use at most 10,000 characters; this has 10,001."],
      priority: ["Choose a priority from 0 to 5."],
      dueDate: ["2026-02-30 is not a day."],
      dueTime: ["Write the time as HH:MM, from 00:00 to 23:59."],
      scheduledFor: ["Choose a date between 1970 and 9999."],
      tags: ["A tag's name cannot contain a comma."],
    });
  });

  it("wants a due date for a high priority and for a time, beside other mistakes", () => {
    const message = "Priority 4 and 5 need a due date.";
    for (const input of [{ priority: 4 }, { priority: "5", dueDate: "" }, { priority: 5, dueDate: null }]) {
      expect(problems(newTodoInput, { title: "x", ...input })).toEqual({ dueDate: [message] });
    }
    expect(problems(newTodoInput, { title: "", priority: 4 })).toEqual({
      title: ["Enter a title."],
      dueDate: [message],
    });
    expect(problems(newTodoInput, { title: "x", dueTime: "09:30" })).toEqual({
      dueTime: ["A time needs a due date."],
    });
    expect(problems(newTodoInput, { title: "x", priority: 3 })).toEqual({});
  });

  it("does not ask for a date that is there, only wrong", () => {
    expect(problems(newTodoInput, { title: "x", priority: 5, dueDate: "soon", dueTime: "10:00" })).toEqual({
      dueDate: ["Write the date as YYYY-MM-DD."],
    });
  });

  it("refuses priorities that are no whole numbers from 0 to 5", () => {
    for (const priority of [
      6,
      -1,
      2.5,
      Number.NaN,
      Infinity,
      "6",
      "-1",
      "1e0",
      "0x1",
      "two",
      null,
      {},
      [3],
    ]) {
      expect(problems(newTodoInput, { title: "x", priority })).toEqual({
        priority: ["Choose a priority from 0 to 5."],
      });
    }
  });

  it("takes 50 tags and says that 51 are too many", () => {
    const names = Array.from({ length: 51 }, (_, index) => `tag ${index}`);
    expect(problems(newTodoInput, { title: "x", tags: names.slice(1) })).toEqual({});
    expect(problems(newTodoInput, { title: "x", tags: [...names.slice(1), "TAG 7"] })).toEqual({});
    expect(problems(newTodoInput, { title: "x", tags: names })).toEqual({
      tags: ["Use at most 50 tags; there are 51."],
    });
  });

  it("makes one of a name that is written in two normal forms", () => {
    expect(newTodoInput.parse({ title: "x", tags: ["caf\u00e9", "cafe\u0301"] }).tags).toEqual(["caf\u00e9"]);
  });

  it("takes nothing that is not a form or an object", () => {
    for (const input of [null, undefined, "title", 7, []])
      expect(newTodoInput.safeParse(input).success).toBe(false);
  });
});

describe("todoEditInput", () => {
  it("leaves out what was left out, so that it stays", () => {
    expect(todoEditInput.parse({ ...edit, title: "x" })).toEqual({ ...edit, title: "x" });
  });

  it("reads the version of a form, and asks for it", () => {
    expect(todoEditInput.parse({ ...edit, version: "12" }).version).toBe(12);
    for (const version of ["", "0", "-1", "x", undefined, null, 1.5, 2 ** 31, "99999999999"]) {
      expect(problems(todoEditInput, { ...edit, version })).toEqual({
        version: ["Reload the page and edit again."],
      });
    }
  });

  it("wants a due date only where the edit takes it away", () => {
    expect(problems(todoEditInput, { ...edit, priority: 5 })).toEqual({});
    expect(problems(todoEditInput, { ...edit, priority: 5, dueDate: "" })).toEqual({
      dueDate: ["Priority 4 and 5 need a due date."],
    });
    expect(problems(todoEditInput, { ...edit, dueDate: null, dueTime: "10:00" })).toEqual({
      dueTime: ["A time needs a due date."],
    });
  });
});

describe("todoIdInput", () => {
  it("leaves it to the repository to find nothing for what is no id", () => {
    expect(todoIdInput.parse({ id: "1 or 1=1" })).toEqual({ id: "1 or 1=1" });
    expect(problems(todoIdInput, {})).toEqual({ id: ["It does not say which todo."] });
  });
});

describe("the schemas and the table", () => {
  it("have the same columns, and the table takes what the schemas give", () => {
    const { id: _id, tags: _tags, ...fields } = newTodoInput.shape;
    expect(Object.keys(fields).toSorted()).toEqual(Object.keys(newRow.shape).toSorted());
    expect(Object.keys(rowEdit.shape).toSorted()).toEqual(Object.keys(newRow.shape).toSorted());

    const full = newTodoInput.parse({
      title: "x",
      description: "y",
      priority: 5,
      dueDate: "2026-12-24",
      dueTime: "09:30",
      scheduledFor: "2026-12-01",
    });
    expect(newRow.parse(full)).toEqual(full);
    const emptied = todoEditInput.parse({
      ...edit,
      dueDate: "",
      dueTime: "",
      scheduledFor: "",
      description: "",
    });
    expect(rowEdit.parse(emptied)).toEqual({
      dueDate: null,
      dueTime: null,
      scheduledFor: null,
      description: "",
    });
  });

  it("have the same types", () => {
    type Columns = "title" | "description" | "priority" | "dueDate" | "dueTime" | "scheduledFor";
    expectTypeOf<Pick<z.output<typeof newTodoInput>, Columns>>().toExtend<z.input<typeof newRow>>();
    expectTypeOf<Pick<z.output<typeof todoEditInput>, Columns>>().toExtend<z.input<typeof rowEdit>>();
    expectTypeOf<z.output<typeof newTodoInput>>().toExtend<NewTodo>();
    expectTypeOf<z.output<typeof todoEditInput>>().toExtend<TodoEdit>();
  });

  it("let nobody write ids, versions or owners through an edit", () => {
    const wicked = { title: "x", id: "y", version: 9, userId: "z", organizationId: "o", status: "completed" };
    expect(rowEdit.parse(wicked)).toEqual({ title: "x" });
    expect(newRow.parse(wicked)).toEqual({ title: "x" });
  });
});
