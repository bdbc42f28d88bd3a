import { describe, expect, it } from "vitest";
import { echoedValues, formBytes, readForm } from "@/lib/form";

function formOf(entries: [string, string | File][]): FormData {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
}

describe("readForm", () => {
  it("gives one text per field, the last one given, and lists for names that end in []", () => {
    const form = formOf([
      ["title", "first"],
      ["title", "last"],
      ["tags[]", "home"],
      ["tags[]", "garden"],
    ]);
    expect(readForm(form)).toEqual({ title: "last", tags: ["home", "garden"] });
  });

  it("leaves out React's own fields and files", () => {
    const form = formOf([
      ["$ACTION_REF_1", ""],
      ["title", "kept"],
      ["file", new File(["x"], "x.txt")],
    ]);
    expect(readForm(form)).toEqual({ title: "kept" });
  });

  it("keeps line ends as they were typed, not as forms send them", () => {
    expect(readForm(formOf([["description", "one\r\ntwo\nthree"]]))).toEqual({
      description: "one\ntwo\nthree",
    });
  });
});

describe("formBytes", () => {
  it("counts UTF-8 bytes of every value, lists included", () => {
    expect(formBytes({ title: "é", tags: ["a", "😀"] })).toBe(2 + 1 + 4);
  });
});

describe("echoedValues", () => {
  it("never gives a password or a token back to the page", () => {
    expect(echoedValues({ email: "a@b.c", password: "secret", newPassword: "secret", token: "t" })).toEqual({
      email: "a@b.c",
    });
  });
});
