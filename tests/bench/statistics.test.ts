import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { median, medianOfPairedRatios, quantile } from "@/scripts/bench/statistics";

const times = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe("a quantile", () => {
  it.each([
    [[5], 0.5, 5],
    [[1, 2, 3], 0.5, 2],
    [[4, 1, 3, 2], 0.5, 2.5],
    [[10, 0], 0.95, 9.5],
    [[3, 1, 2], 0, 1],
    [[3, 1, 2], 1, 3],
  ])("of %j at %d is %d", (values, share, expected) => {
    expect(quantile(values, share)).toBeCloseTo(expected, 10);
  });

  it("lies among the values, grows with the share, and does not depend on their order", () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const found = quantile(values, share);
        expect(found).toBeGreaterThanOrEqual(Math.min(...values));
        expect(found).toBeLessThanOrEqual(Math.max(...values));
        expect(found).toBeLessThanOrEqual(quantile(values, Math.min(1, share + 0.1)));
        expect(quantile(values.toReversed(), share)).toBe(found);
      }),
    );
  });

  it("of nothing is refused", () => {
    expect(() => median([])).toThrow("nothing");
  });
});

describe("the median of paired ratios", () => {
  it("is the ratio of what was measured side by side", () => {
    expect(
      medianOfPairedRatios([
        { subject: [4, 6, 5], floor: [1, 1] },
        { subject: [12], floor: [2, 4, 3] },
        { subject: [6], floor: [2] },
      ]),
    ).toBe(4);
  });

  it("does not see that the machine was slower during some of the pairs", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.5, max: 50, noNaN: true }), { minLength: 1 }), (speeds) => {
        const pairs = speeds.map((speed) => ({ subject: [6 * speed, 7 * speed], floor: [2 * speed] }));
        expect(medianOfPairedRatios(pairs)).toBeCloseTo(3.25, 9);
      }),
    );
  });

  it("is not moved by a single pair that was disturbed between its halves", () => {
    const calm = { subject: [3], floor: [1] };
    expect(medianOfPairedRatios([calm, calm, { subject: [300], floor: [1] }])).toBe(3);
  });
});
