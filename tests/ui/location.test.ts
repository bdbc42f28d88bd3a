import { describe, expect, it } from "vitest";
import { isCurrent, parseLocation } from "@/app/_ui/shell/location";

describe("isCurrent", () => {
  it.each([
    ["/today", "/today", true],
    ["/today", "/today#add", true],
    ["/today", "/todos", false],
    ["/todos", "/todos?sort=due", true],
    ["/todos", "/todos/0199f0a2-0000-7000-8000-000000000000", true],
    ["/todos", "/todosomething", false],
    ["/todos", "/todos?tag=work", false],
    ["/todos?tag=work", "/todos?tag=work&sort=due", true],
    ["/todos?tag=work", "/todos?tag=home", false],
    ["/todos?tag=work", "/todos", false],
    ["/todos?tag=caf%C3%A9%20%26%20co", "/todos?tag=caf%C3%A9+%26+co", true],
  ])("says whether the link %s marks the page %s: %s", (link, page, marked) => {
    expect(isCurrent(link, parseLocation(page))).toBe(marked);
  });
});
