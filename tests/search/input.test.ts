import { describe, expect, it } from "vitest";
import { parseSearchQuery } from "@/lib/search/input";

describe("parseSearchQuery", () => {
  it("reads the trimmed q, and the last of several", () => {
    expect(parseSearchQuery({ q: "  milk " })).toEqual({ query: "milk", problem: null });
    expect(parseSearchQuery({ q: ["milk", "bread"] })).toEqual({ query: "bread", problem: null });
  });

  it.each([[{}], [{ q: "" }], [{ q: "  " }], [{ q: [] }]])(
    "finds nothing to look for in %j",
    (parameters) => {
      expect(parseSearchQuery(parameters)).toEqual({ query: "", problem: null });
    },
  );

  it("takes 500 code points and no more, and keeps what was typed", () => {
    expect(parseSearchQuery({ q: "🪨".repeat(500) }).problem).toBeNull();
    const query = "🪨".repeat(501);
    expect(parseSearchQuery({ q: query })).toEqual({ query, problem: expect.stringContaining("500") });
  });

  it.each([
    ["a NUL", "a\u0000b"],
    ["a lone surrogate", "a\ud83d"],
    ["a bell", "\u0007"],
  ])("refuses %s with a sentence", (_, q) => {
    expect(parseSearchQuery({ q }).problem).toMatch(/^This contains a character .*\.$/);
  });
});
