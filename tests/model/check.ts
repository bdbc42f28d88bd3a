import * as fc from "fast-check";
import type { Line } from "./line";
import { runSequence } from "./run";
import { sequences, type Sequence } from "./steps";
import type { Tally } from "./tally";
import { createWorld } from "./world";

const STEPS_MAX = 12;

/**
 * Runs random sequences, each with people of its own, until one fails.
 * @param options.path of a failure of this seed, to go straight to it
 * @returns null, or what failed: the seed, the path, the smallest sequence that fails, and how it differs from the model
 */
export async function checkSequences(
  line: Line,
  options: { seed: number; sequences: number; tally: Tally; path?: string },
): Promise<string | null> {
  const { seed, tally, path = "" } = options;
  const property = fc.asyncProperty(sequences(STEPS_MAX), async (sequence: Sequence) => {
    tally.count("sequences");
    await runSequence(await createWorld(line, sequence), line, sequence, tally);
  });
  const report = await fc.check(property, { seed, path, numRuns: options.sequences });
  if (!report.failed) return null;
  const { counterexamplePath, counterexample, errorInstance } = report;
  return [
    `seed ${seed}, path ${counterexamplePath}, made smaller ${report.numShrinks} times:`,
    JSON.stringify(counterexample?.[0], null, 1),
    errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance),
  ].join("\n");
}
