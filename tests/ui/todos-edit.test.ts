import { describe, expect, it } from "vitest";
import { draftOf, emptyDraft, inputOf, isSameDraft, rowOf, splitTags } from "@/app/_todos/draft";
import { changedFields, editInput, editValues, mergeEdit } from "@/app/_todos/edit";
import { suggestTags } from "@/app/_todos/suggest-tags";
import { tooLong } from "@/app/_todos/too-long";
import { quoted } from "@/app/_todos/verbs";
import { singleLine } from "@/lib/text";
import { todoRow } from "./todo-rows";

const tag = (name: string) => ({ id: name, name, colour: "#123456" });

describe("an edit", () => {
  const base = editValues(todoRow("a", { title: "Old", priority: 2, tags: [tag("home"), tag("work")] }));

  it("shows a todo as the texts of its form", () => {
    expect(base).toEqual({
      title: "Old",
      description: "",
      priority: "2",
      dueDate: "",
      dueTime: "",
      scheduledFor: "",
      tags: "home, work",
    });
  });

  it("knows what was changed, and what was only written otherwise", () => {
    expect(changedFields(base, { ...base, title: " Old ", tags: "work ,home," })).toEqual([]);
    expect(changedFields(base, { ...base, title: "old", tags: "work" })).toEqual(["title", "tags"]);
  });

  it("sends what was changed, on its version, and nothing else", () => {
    expect(editInput("a", 7, base, { ...base, title: "New", priority: "4", dueDate: "2026-12-01" })).toEqual({
      id: "a",
      version: 7,
      title: "New",
      priority: 4,
      dueDate: "2026-12-01",
    });
  });

  it("sends a cleared date as none, and cleared tags as no tags", () => {
    const dated = { ...base, dueDate: "2026-12-01" };
    expect(editInput("a", 1, dated, { ...dated, dueDate: "", tags: "" })).toMatchObject({
      dueDate: null,
      tags: [""],
    });
  });
});

describe("merging what somebody else saved", () => {
  const base = editValues(todoRow("a", { title: "Old" }));

  it("takes over what was not touched here and keeps what was", () => {
    const merged = mergeEdit(base, { ...base, title: "Mine" }, { ...base, priority: "3" });
    expect(merged.values).toMatchObject({ title: "Mine", priority: "3" });
    expect(merged.disputed).toEqual([]);
  });

  it("disputes a field that both changed, and keeps mine in the form", () => {
    const merged = mergeEdit(base, { ...base, title: "Mine" }, { ...base, title: "Theirs" });
    expect(merged.values.title).toBe("Mine");
    expect(merged.disputed).toEqual(["title"]);
  });

  it("disputes nothing where both wrote the same", () => {
    expect(mergeEdit(base, { ...base, title: "Same" }, { ...base, title: "Same" }).disputed).toEqual([]);
  });
});

describe("a draft", () => {
  it("starts with what the page's new todos are by default", () => {
    expect(emptyDraft({ dueDate: "2026-11-20" })).toEqual({
      title: "",
      dueDate: "2026-11-20",
      dueTime: "",
      priority: "0",
      tags: "",
    });
  });

  it("comes back from a refused form with all that was typed, a removed default too", () => {
    const draft = draftOf({ title: "  x", dueDate: "", priority: "9", id: "i" }, { dueDate: "2026-11-20" });
    expect(draft).toMatchObject({ title: "  x", dueDate: "", priority: "9" });
  });

  it("asks for a todo with its tags, each once", () => {
    const draft = { ...emptyDraft({}), title: "Buy", priority: "3", tags: "home, Home,, errands " };
    expect(inputOf(draft, "id")).toEqual({
      id: "id",
      title: "Buy",
      priority: 3,
      dueDate: null,
      dueTime: null,
      tags: ["home", "errands"],
    });
    expect(splitTags(" , ,")).toEqual([]);
  });

  it("stands as a row with the colours of the tags that are known", () => {
    const draft = { ...emptyDraft({}), title: " Buy ", tags: "HOME, new" };
    const row = rowOf(draft, "id", new Date(0), [tag("home")]);
    expect(row).toMatchObject({ title: "Buy", tags: [tag("home"), { name: "new" }] });
  });

  it("is the same only when every field is", () => {
    const draft = emptyDraft({});
    expect(isSameDraft(draft, { ...draft })).toBe(true);
    expect(isSameDraft(draft, { ...draft, dueTime: "10:00" })).toBe(false);
  });
});

describe("suggested tags", () => {
  const known = ["errands", "home", "phone", "work"].map(tag);

  it("continue the last name and keep the ones before it", () => {
    expect(suggestTags("errands, ho", known)).toEqual([
      { name: "home", value: "errands, home" },
      { name: "phone", value: "errands, phone" },
    ]);
  });

  it("leave out the names that are there already", () => {
    expect(suggestTags("HOME, ", known).map(({ name }) => name)).toEqual(["errands", "phone", "work"]);
  });
});

describe("a text that is too long", () => {
  it("is refused in code points, as the server counts, after trimming", () => {
    expect(tooLong("🪨".repeat(200), 200)).toBeNull();
    expect(tooLong(` ${"x".repeat(200)} `, 200)).toBeNull();
    expect(tooLong("x".repeat(10_001), 10_000)).toBe("Use at most 10,000 characters; this has 10,001.");
  });

  it("is refused in the same words as by the server", () => {
    const long = "x".repeat(1201);
    const answer = singleLine(1200).safeParse(long);
    expect(answer.error?.issues.map(({ message }) => message)).toEqual([tooLong(long, 1200)]);
  });
});

describe("words", () => {
  it("cut a long title between characters, never within one", () => {
    expect(quoted("Buy milk")).toBe("“Buy milk”");
    const family = "👨‍👩‍👧";
    expect(quoted(family.repeat(70))).toBe(`“${family.repeat(59)}…”`);
  });
});
