import { median, medianOfPairedRatios, quantile, type Pair } from "./statistics";

/** Something to be timed, again and again. */
export type Work = {
  run: () => Promise<unknown>;
  /** Makes ready for the next time, off the clock. */
  after?: (() => Promise<unknown>) | undefined;
};

/** What was measured of an operation, in milliseconds. */
export type Timing = {
  p50: number;
  p95: number;
  /** How many times a `select 1` it takes. */
  ratio: number;
  calls: number;
};

export type Effort = {
  /** How long to measure one operation, in milliseconds; each slice makes one call at least. */
  budgetMs: number;
  pairs: number;
  /** How often the floor is run before anything is measured: connections are opened, what runs often is compiled. */
  warmUpCalls: number;
};

/** Of each pair's time, this much is the subject's. */
const SUBJECT_SHARE = 0.65;
const FLOOR_CALLS_MIN = 5;
const WARM_UP_CALLS = 3;
/** What takes longer than the budget has fewer turns. */
const PAIRS_MIN = 5;

/** Times an operation in slices, between slices of the floor. */
export async function measure(
  subject: Work,
  floor: Work,
  { budgetMs, pairs }: Omit<Effort, "warmUpCalls">,
): Promise<Timing> {
  const subjectMs = median(await slice(subject, WARM_UP_CALLS));
  const floorMs = median(await slice(floor, WARM_UP_CALLS));
  const turns = Math.min(pairs, Math.max(PAIRS_MIN, Math.floor(budgetMs / subjectMs)));
  const pairMs = budgetMs / turns;
  const subjectCalls = Math.max(1, Math.round((pairMs * SUBJECT_SHARE) / subjectMs));
  const floorCalls = Math.max(FLOOR_CALLS_MIN, Math.round((pairMs * (1 - SUBJECT_SHARE)) / floorMs));
  const measured: Pair[] = [];
  for (let pair = 0; pair < turns; pair += 1) {
    measured.push({
      subject: await slice(subject, subjectCalls),
      floor: await slice(floor, floorCalls),
    });
  }
  const all = measured.flatMap((pair) => pair.subject);
  return {
    p50: median(all),
    p95: quantile(all, 0.95),
    ratio: medianOfPairedRatios(measured),
    calls: all.length,
  };
}

async function slice({ run, after }: Work, calls: number): Promise<number[]> {
  const times: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
    await after?.();
  }
  return times;
}
