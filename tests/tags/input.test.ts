import { createInsertSchema, createUpdateSchema } from "drizzle-zod";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { z } from "zod";
import { tags } from "@/lib/db/schema/tags";
import { newTagInput, TAG_COLOUR_DEFAULT, tagEditInput, tagMergeInput } from "@/lib/tags/input";
import type { NewTag, TagEdit } from "@/lib/tags/types";

function messages(schema: typeof newTagInput | typeof tagEditInput | typeof tagMergeInput, input: unknown) {
  const parsed = schema.safeParse(input);
  return parsed.success ? [] : parsed.error.issues.map((issue) => [issue.path.join("."), issue.message]);
}
const id = "018f3a5e-7c1a-7abc-8def-0123456789ab";

describe("newTagInput", () => {
  it("takes a name alone, and gives it the default look", () => {
    expect(newTagInput.parse({ name: "Home" })).toEqual({
      name: "Home",
      colour: TAG_COLOUR_DEFAULT,
      icon: null,
    });
  });

  it("trims the name, makes white space one space and writes letters in one way (NFC)", () => {
    expect(newTagInput.parse({ name: "  Cafe\u0301 \t bar " }).name).toBe("Caf\u00e9 bar");
  });

  it.each([
    ["no name", { name: " \n " }, "name"],
    ["a name of 51 characters", { name: "n".repeat(51) }, "name"],
    ["a NUL in the name", { name: "a\u0000b" }, "name"],
    ["a lone surrogate in the name", { name: "a\ud83d" }, "name"],
    ["a colour by its name", { name: "a", colour: "red" }, "colour"],
    ["a colour of three digits", { name: "a", colour: "#fff" }, "colour"],
    ["an empty colour", { name: "a", colour: "" }, "colour"],
    ["an icon of nine characters", { name: "a", icon: "123456789" }, "icon"],
    ["a control character in the icon", { name: "a", icon: "\u0007" }, "icon"],
    ["an id that is none", { name: "a", id: "1" }, "id"],
  ])("refuses %s beside its field", (_, input, field) => {
    expect(messages(newTagInput, input)).toEqual([[field, expect.stringMatching(/^[A-Z].*\.$/)]]);
  });

  it("counts an emoji as PostgreSQL does, by code points", () => {
    expect(messages(newTagInput, { name: "🪨".repeat(50), icon: "👨‍👩‍👧‍👦" })).toEqual([]);
    expect(messages(newTagInput, { name: "🪨".repeat(51) })).toHaveLength(1);
  });

  it("keeps markup and right-to-left text exactly", () => {
    const name = "<script>alert(1)</script> בית";
    expect(newTagInput.parse({ name }).name).toBe(name);
  });

  it("reads what a form says for no icon, and writes colours in lower case", () => {
    expect(newTagInput.parse({ name: "a", icon: "", colour: " #ABCDEF " })).toMatchObject({
      icon: null,
      colour: "#abcdef",
    });
  });

  it("gives what the table and the repository take", () => {
    const columns = createInsertSchema(tags).pick({ id: true, name: true, colour: true, icon: true });
    expectTypeOf<z.output<typeof newTagInput>>().toExtend<NewTag>();
    expectTypeOf<Omit<z.output<typeof newTagInput>, "id">>().toExtend<Omit<z.output<typeof columns>, "id">>();
    expect(columns.parse({ ...newTagInput.parse({ name: "Home", icon: "🏠" }), id })).toMatchObject({
      icon: "🏠",
    });
  });
});

describe("tagEditInput", () => {
  it("gives what the table and the repository take, and leaves an icon that is not named as it is", () => {
    const columns = createUpdateSchema(tags).pick({ name: true, colour: true, icon: true });
    expectTypeOf<z.output<typeof tagEditInput>>().toExtend<TagEdit>();
    const edit = tagEditInput.parse({ id, name: "Home", colour: "#2f6b4f" });
    expect(columns.parse(edit)).toEqual({ name: "Home", colour: "#2f6b4f" });
    expect("icon" in edit).toBe(false);
  });

  it("lets an id that is none through, so that it is not found like a foreign one", () => {
    expect(tagEditInput.parse({ id: 7, name: "a", colour: "#000000" }).id).toBe("");
  });
});

describe("tagMergeInput", () => {
  it("asks for the tag to merge into", () => {
    expect(messages(tagMergeInput, { from: id, into: "" })).toEqual([
      ["into", "Choose a tag to merge into."],
    ]);
  });
});
