import { describe, expect, it } from "vitest";
import { filterWords } from "@/app/_todos/filter-words";
import type { TodoFilter } from "@/lib/todos/types";
import { clock } from "./todo-rows";

describe("filterWords", () => {
  it.each<[TodoFilter, string[]]>([
    [{ status: "done", due: "today", tags: { all: ["home"] }, sort: "due" }, []],
    [{ from: "2026-11-20" }, ["Due from today"]],
    [{ from: "2026-11-21", to: "2026-12-24" }, ["Due from tomorrow until 24 Dec"]],
    [{ scheduledTo: "2026-12-24" }, ["Planned until 24 Dec"]],
    [{ scheduled: "none" }, ["Not planned"]],
    [{ tags: { any: ["home", "work"], none: ["later"] } }, ["Tagged home or work", "Not tagged later"]],
    [{ tags: { presence: "none" } }, ["Without tags"]],
    [{ owner: "everyone", organizationId: "1" }, ["Of one organization", "Everybody’s"]],
    [{ owner: { userId: "1" } }, ["A colleague’s"]],
  ])("says of %j what no field of the row shows", (filter, words) => {
    expect(filterWords(filter, clock.today)).toEqual(words);
  });
});
