import { describe, expect, it } from "vitest";
import { createMemory } from "@/lib/db/memory";

/** A value of so many characters as JSON. */
const valueOf = (length: number) => "x".repeat(length - 2);

describe("a memory", () => {
  it("recalls what was remembered last under a key, and nothing under any other", () => {
    const memory = createMemory(1000);
    expect(memory.recall("a")).toBeUndefined();
    memory.remember("a", { etag: "1", value: {} });
    const value = {};
    memory.remember("a", { etag: "2", value });
    expect(memory.recall("a")).toMatchObject({ etag: "2" });
    expect(memory.recall("a")?.value).toBe(value);
    expect(memory.recall("b")).toBeUndefined();
  });

  it("forgets what was not recalled for longest when all of it is too long", () => {
    const memory = createMemory(1000);
    const remember = (key: string) => memory.remember(key, { etag: key, value: valueOf(10) });
    const keys = Array.from({ length: 100 }, (_, index) => `key ${index}`);
    for (const key of keys) remember(key);
    memory.recall("key 0");
    remember("one more");
    const known = () => keys.filter((key) => memory.recall(key) !== undefined);
    expect(known()).toEqual(keys.filter((key) => key !== "key 1"));
    // Remembered again, it takes no more room.
    remember("key 0");
    expect(known()).toHaveLength(99);
  });

  it("does not take what would leave little room for others, and forgets what that was before", () => {
    const memory = createMemory(1000);
    memory.remember("a", { etag: "1", value: valueOf(10) });
    memory.remember("a", { etag: "2", value: valueOf(11) });
    expect(memory.recall("a")).toBeUndefined();
  });
});
