import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SEARCH_QUERY_MAX } from "@/lib/db/limits";
import { parseQuery } from "@/lib/query/parse";
import { printQuery, printTyped } from "@/lib/query/print";
import { codePointLength } from "@/lib/text";
import { trees, typedTexts } from "./arbitraries";

const seed = 20261120;

describe("the query language", () => {
  it("reads what it has printed as the same tree", () => {
    let count = 0;
    fc.assert(
      fc.property(trees, (tree) => {
        const text = printQuery(tree);
        fc.pre(codePointLength(text) < SEARCH_QUERY_MAX);
        count += 1;
        expect(parseQuery(text)).toEqual({ ok: true, query: tree });
        expect(parseQuery(printTyped(tree), { typing: true })).toEqual({ ok: true, query: tree });
      }),
      { seed, numRuns: 3_000 },
    );
    expect(count).toBe(3_000);
  });

  it(
    "answers 100,000 random texts with a tree that stays the same, or with a place inside of the text",
    { timeout: 60_000 },
    () => {
      const answers = { tree: 0, problem: 0 };
      for (const typing of [false, true]) {
        fc.assert(
          fc.property(typedTexts, (text) => {
            const parsed = parseQuery(text, { typing });
            if (parsed.ok) {
              answers.tree += 1;
              const printed = printQuery(parsed.query);
              // Printing writes out what was short ("is:todo"), so that only a very long query can pass the limit.
              const again = parseQuery(printed);
              if (codePointLength(printed) <= SEARCH_QUERY_MAX && !isSame(again, parsed)) {
                throw new Error(`${JSON.stringify(text)} is read back as another query from ${printed}`);
              }
              return;
            }
            answers.problem += 1;
            const { message, from, to } = parsed.problem;
            if (!(0 <= from && from < to && to <= text.length)) {
              throw new Error(`${JSON.stringify(text)} has a place outside: ${from} to ${to}`);
            }
            if (!/^["\p{L}\d].*[.]$/su.test(message)) throw new Error(`No sentence: ${message}`);
          }),
          { seed, numRuns: 50_000 },
        );
      }
      expect(answers.tree + answers.problem).toBe(100_000);
      // Both kinds are well represented, or the property would say little.
      expect(Math.min(answers.tree, answers.problem)).toBeGreaterThan(20_000);
    },
  );
});

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
