import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeNext } from "@/lib/auth/safe-next";

const origin = "https://cairn.example";

describe("safeNext", () => {
  it.each(["/today", "/todos?tag=caf%C3%A9&sort=due", "/todos/0199f0a2#history", "/search?q=a%2Fb", "/"])(
    "keeps %s",
    (path) => {
      expect(safeNext(path)).toBe(path);
    },
  );

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a list, as a repeated parameter gives it", ["/today", "//evil.example"]],
    ["the empty text", ""],
    ["a relative path", "today"],
    ["another origin", "https://evil.example"],
    ["a script", "javascript:alert(1)"],
    ["a host without a scheme", "//evil.example"],
    ["a backslash that browsers read as a slash", "/\\evil.example"],
    ["backslashes alone", "\\\\evil.example"],
    ["an encoded slash", "/%2Fevil.example"],
    ["an encoded backslash", "/%5cevil.example"],
    ["a tab that browsers drop", "/\t/evil.example"],
    ["a line break, for a header of its own", "/today\r\nset-cookie: a=b"],
    ["a NUL", "/\u0000/evil.example"],
    ["a leading space", " //evil.example"],
    ["dots that resolve to a host", "/.//evil.example"],
    ["dots that climb to a host", "/today/..//evil.example"],
    ["encoded dots that climb to a host", "/%2e%2e//evil.example"],
    ["dots before an encoded slash", "/../%2fevil.example"],
    ["something endless", `/${"a".repeat(3000)}`],
  ])("turns %s into /today", (_name, path) => {
    expect(safeNext(path)).toBe("/today");
  });

  it("stays on this origin, whatever it is given", () => {
    const tricky = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "%2f",
      "%5C",
      "%2e",
      "\t",
      "@",
      ":",
      "evil.example",
      "?",
    );
    const paths = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.webUrl(),
      fc.array(tricky).map((parts) => `/${parts.join("")}`),
    );
    fc.assert(
      fc.property(paths, (path) => {
        const next = safeNext(path);
        expect(next).toMatch(/^\/(?![/\\])/);
        expect(new URL(next, origin).origin).toBe(origin);
        expect(safeNext(next)).toBe(next);
      }),
      { numRuns: 2000 },
    );
  });
});
