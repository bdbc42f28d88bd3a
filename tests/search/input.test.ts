import { describe, expect, it } from "vitest";
import { parseSearchQuery } from "@/lib/search/input";

describe("parseSearchQuery", () => {
  it("reads q as it was typed, and the last of several", () => {
    expect(parseSearchQuery({ q: " milk " })).toEqual({
      text: " milk ",
      query: { kind: "word", text: "milk", prefix: false },
      problem: null,
    });
    expect(parseSearchQuery({ q: ["milk", "tag:home"] })).toEqual({
      text: "tag:home",
      query: { kind: "tag", name: "home" },
      problem: null,
    });
  });

  it("takes the last word as the beginning of one, unless something follows it", () => {
    expect(parseSearchQuery({ q: "mil" }).query).toEqual({ kind: "word", text: "mil", prefix: true });
    expect(parseSearchQuery({ q: '"mil"' }).query).toEqual({ kind: "phrase", text: "mil" });
  });

  it.each([[{}], [{ q: "" }], [{ q: "  " }], [{ q: [] }]])(
    "finds nothing to look for in %j",
    (parameters) => {
      expect(parseSearchQuery(parameters)).toMatchObject({ query: null, problem: null });
    },
  );

  it("keeps what is no query, and says what is wrong and where", () => {
    expect(parseSearchQuery({ q: "milk )" })).toEqual({
      text: "milk )",
      query: null,
      problem: { message: 'There is no "(" before this ")".', from: 5, to: 6 },
    });
  });
});
