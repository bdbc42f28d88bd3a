import { describe, expect, it } from "vitest";
import { afterTodoChange } from "@/app/_tags/open-counts";
import type { TagRow } from "@/lib/tags/types";
import { todoRow } from "./todo-rows";

const tag = (id: string, openCount = 1, totalCount = 2): TagRow => ({
  id,
  name: id,
  colour: "#123456",
  icon: null,
  openCount,
  totalCount,
});
const [home, work] = [tag("home"), tag("work")];
const counts = (tags: readonly TagRow[]) =>
  tags.map(({ id, openCount, totalCount }) => [id, openCount, totalCount]);

describe("the counts of tags", () => {
  const before = todoRow("a", { tags: [home] });

  it("lose a todo that is completed, but not from the total", () => {
    const after = { ...before, status: "completed" as const };
    expect(counts(afterTodoChange([home, work], before, after))).toEqual([
      ["home", 0, 2],
      ["work", 1, 2],
    ]);
    expect(counts(afterTodoChange([tag("home", 0)], after, before))).toEqual([["home", 1, 2]]);
  });

  it("lose a todo that is deleted, and get it back when it is restored", () => {
    const after = { ...before, deletedAt: new Date(0) };
    expect(counts(afterTodoChange([home], before, after))).toEqual([["home", 0, 1]]);
    expect(counts(afterTodoChange([tag("home", 0, 1)], after, before))).toEqual([["home", 1, 2]]);
  });

  it("follow a todo from one tag to another", () => {
    expect(counts(afterTodoChange([home, work], before, { ...before, tags: [work] }))).toEqual([
      ["home", 0, 1],
      ["work", 2, 3],
    ]);
  });

  it("begin with a tag that came into being, in its place by name", () => {
    const after = { ...before, tags: [home, tag("New")] };
    expect(counts(afterTodoChange([home, work], null, after))).toEqual([
      ["home", 2, 3],
      ["New", 1, 1],
      ["work", 1, 2],
    ]);
  });

  it("stay the same objects where nothing changed, so that nothing else is drawn again", () => {
    expect(afterTodoChange([home, work], before, { ...before, title: "New" })[0]).toBe(home);
  });
});
