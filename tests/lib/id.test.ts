import { describe, expect, it } from "vitest";
import { isId, newId } from "@/lib/db/id";

describe("newId", () => {
  it("makes a UUID of version 7 and variant 10", () => {
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("carries the milliseconds of its making in the first 48 bits", () => {
    const id = newId(Date.UTC(2026, 10, 20, 12));
    expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(Date.UTC(2026, 10, 20, 12));
  });

  it("sorts by the time of making", () => {
    const ids = [1, 2 ** 32 - 1, 2 ** 32, 2 ** 40].map((now) => newId(now));
    expect(ids.toSorted()).toEqual(ids);
  });

  it("does not repeat itself", () => {
    const now = Date.now();
    expect(new Set(Array.from({ length: 10_000 }, () => newId(now))).size).toBe(10_000);
  });
});

describe("isId", () => {
  it.each(["", "1", "../../etc", "0190a0b0-0000-7000-8000-00000000000", "x".repeat(36), null, 7, {}])(
    "refuses %j",
    (text) => {
      expect(isId(text)).toBe(false);
    },
  );

  it("takes what newId makes", () => {
    expect(isId(newId())).toBe(true);
  });
});
