import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { codePointLength, multiLine, singleLine, tagName } from "@/lib/text";

/** What a schema says against a value; none when it takes it. */
function problems(schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.message);
}

const title = singleLine(200, { required: "Enter a title." });
const unstorable = "This contains a character that cannot be stored. Remove it and try again.";

describe("singleLine", () => {
  it("trims, and keeps everything else as it was typed", () => {
    expect(title.parse("  Buy  milk \n")).toBe("Buy  milk");
    for (const text of [
      "<script>alert(1)</script>",
      "שלום עולם",
      "🧗‍♀️ climb",
      "e\u0301 is not \u00e9",
      "a\u202eb",
    ]) {
      expect(title.parse(text)).toBe(text);
    }
  });

  it("asks for a text where one is required and nothing can be seen", () => {
    for (const text of ["", "   ", "\u200b", "\u2066\u2069", "\u00ad", undefined, null, 7]) {
      expect(problems(title, text)).toEqual(["Enter a title."]);
    }
    expect(problems(singleLine(200), "")).toEqual([]);
  });

  it("counts characters as PostgreSQL does, so that 200 emoji fit and 201 letters do not", () => {
    expect(problems(title, "🪨".repeat(200))).toEqual([]);
    expect(problems(title, "🪨".repeat(201))).toEqual(["Use at most 200 characters; this has 201."]);
    expect(problems(title, "a".repeat(201))).toEqual(["Use at most 200 characters; this has 201."]);
    expect(problems(title, ` ${"a".repeat(200)} `)).toEqual([]);
  });

  it("refuses what cannot be stored: NUL, control characters, lone surrogates", () => {
    for (const text of ["a\u0000b", "a\u0002b", "a\u001bb", "a\u007fb", "a\u0085b", "a\ud800b", "a\udc00b"]) {
      expect(problems(title, text)).toEqual([unstorable]);
    }
  });

  it("refuses line ends and tabs within it", () => {
    for (const text of ["a\nb", "a\tb"]) {
      expect(problems(title, text)).toEqual(["Use one line, without tabs."]);
    }
  });
});

describe("multiLine", () => {
  const description = multiLine(10_000);

  it("keeps lines and tabs, with line ends as \\n", () => {
    expect(description.parse("a\r\nb\n\n\tc\r\n")).toBe("a\nb\n\n\tc");
    expect(problems(description, "")).toEqual([]);
  });

  it("refuses more than its characters, and what cannot be stored", () => {
    expect(problems(description, "x".repeat(10_000))).toEqual([]);
    expect(problems(description, "x".repeat(10_001))).toEqual([
      "Use at most 10,000 characters; this has 10,001.",
    ]);
    for (const text of ["a\u0000b", "a\rb", "a\u000bb", "a\ud800"]) {
      expect(problems(description, text)).toEqual([unstorable]);
    }
  });
});

describe("tagName", () => {
  it("makes one name of the ways to write it", () => {
    expect(tagName().parse("cafe\u0301")).toBe("caf\u00e9");
    expect(tagName().parse("  deep \n\t work ")).toBe("deep work");
  });

  it("refuses empty names, long ones and commas", () => {
    expect(problems(tagName(), " ")).toEqual(["Enter a name."]);
    expect(problems(tagName(), "x".repeat(51))).toEqual(["Use at most 50 characters; this has 51."]);
    expect(problems(tagName(), "a,b")).toEqual(["A tag's name cannot contain a comma."]);
    expect(problems(tagName(), "x".repeat(50))).toEqual([]);
    // 51 code points as typed, 50 as stored.
    expect(problems(tagName(), `${"x".repeat(49)}e\u0301`)).toEqual([]);
  });
});

describe("every text rule", () => {
  it("takes what it has given: storing an unchanged text again changes nothing", () => {
    const rules = [title, multiLine(40), tagName()];
    const texts = fc.string({ unit: "binary", maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.constantFrom(...rules), (typed, rule) => {
        const once = rule.safeParse(typed);
        fc.pre(once.success);
        expect(rule.parse(once.data)).toBe(once.data);
      }),
    );
  });
});

describe("codePointLength", () => {
  it("counts a surrogate pair once", () => {
    expect(["", "abc", "🪨", "e\u0301"].map(codePointLength)).toEqual([0, 3, 1, 2]);
  });
});
