import { expect, it } from "vitest";
import { countText } from "@/app/_ui/count";

it("says of a count that stopped that there may be more", () => {
  expect(countText(312, true)).toBe("312+");
  expect(countText(1_000, true)).toBe("1,000+");
  expect([0, 1, 999, 1_000, 2_500].map((count) => countText(count))).toEqual([
    "0",
    "1",
    "999",
    "1,000+",
    "1,000+",
  ]);
});
