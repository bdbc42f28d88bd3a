import { describe, expect, it } from "vitest";
import { createMemory } from "@/lib/db/memory";

describe("a memory", () => {
  it("recalls what was remembered last under a key, and nothing under any other", () => {
    const memory = createMemory(2);
    expect(memory.recall("a")).toBeUndefined();
    const second = { etag: "2", value: {} };
    memory.remember("a", { etag: "1", value: {} });
    memory.remember("a", second);
    expect(memory.recall("a")).toBe(second);
    expect(memory.recall("b")).toBeUndefined();
  });

  it("forgets what was not recalled for longest when there is too much", () => {
    const memory = createMemory(2);
    for (const key of ["a", "b"]) memory.remember(key, { etag: key, value: null });
    memory.recall("a");
    memory.remember("c", { etag: "c", value: null });
    expect(["a", "b", "c"].map((key) => memory.recall(key)?.etag)).toEqual(["a", undefined, "c"]);
    // Remembered again, it takes no more room.
    memory.remember("c", { etag: "d", value: null });
    expect(["a", "c"].map((key) => memory.recall(key)?.etag)).toEqual(["a", "d"]);
  });
});
