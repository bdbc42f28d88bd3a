/** Slices of the same length in time, one right after the other: milliseconds of each call. */
export type Pair = { subject: number[]; floor: number[] };

/** The value below which the given share of all values lie, between two of them where need be. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error("There is nothing to take a quantile of.");
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * How many times as long the subject takes as the floor: the median over the pairs of what each pair says. Whatever
 * slows the machine down for a while slows both slices of a pair, and a pair that was hit in between does not count.
 */
export function medianOfPairedRatios(pairs: readonly Pair[]): number {
  return median(pairs.map(({ subject, floor }) => median(subject) / median(floor)));
}
