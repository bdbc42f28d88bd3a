import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitMarks } from "@/lib/search/marks";

describe("splitMarks", () => {
  it("splits a text at its marks", () => {
    expect(splitMarks("Buy \u0002milk\u0003 and \u0002bread\u0003")).toEqual([
      { text: "Buy ", marked: false },
      { text: "milk", marked: true },
      { text: " and ", marked: false },
      { text: "bread", marked: true },
    ]);
  });

  it("gives nothing for no text, and one part for a text without marks", () => {
    expect(splitMarks("")).toEqual([]);
    expect(splitMarks("<b>plain</b>")).toEqual([{ text: "<b>plain</b>", marked: false }]);
  });

  it("puts a mark that never ends to the text around it", () => {
    expect(splitMarks("a \u0002b")).toEqual([
      { text: "a ", marked: false },
      { text: "b", marked: false },
    ]);
  });

  it("loses no character but the marks, whatever it is given", () => {
    const texts = fc
      .array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("\u0002", "\u0003")))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        const parts = splitMarks(text);
        expect(parts.map((part) => part.text).join("")).toBe(
          text.replaceAll("\u0002", "").replaceAll("\u0003", ""),
        );
        expect(parts.every((part) => part.text !== "")).toBe(true);
      }),
    );
  });
});
