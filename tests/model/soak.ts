import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { checkSequences } from "./check";
import { openLine, type Line } from "./line";
import { Tally } from "./tally";

/** `pnpm test:soak` runs this and not `pnpm test`: random sequences for minutes, or for hours. */

const MINUTES = Number(process.env.SOAK_MINUTES);
const SEED = Number(process.env.SOAK_SEED);
const LANES = 4;
/** Of one seed, so that a failure can be come back to quickly. */
const SEQUENCES = 25;
const REPORT_EVERY_MS = 30_000;

let database: TestDatabase;
let line: Line;
beforeAll(async () => {
  database = await createTestDatabase();
  line = await openLine(database);
});
afterAll(async () => {
  await line.stop();
  await database.drop();
});

it("holds what was acknowledged, for as long as it is asked to", async () => {
  const tally = new Tally();
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 1000);
  const timer = setInterval(() => console.log(`${seconds()} s · ${tally.summary()}`), REPORT_EVERY_MS);
  let next = SEED;
  const failures: string[] = [];

  async function lane(): Promise<void> {
    while (failures.length === 0 && seconds() < MINUTES * 60) {
      const seed = next;
      next += 1;
      const failure = await checkSequences(line, { seed, sequences: SEQUENCES, tally });
      if (failure !== null) failures.push(failure);
    }
  }
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } finally {
    clearInterval(timer);
  }
  console.log(`${seconds()} s · seeds ${SEED} to ${next - 1} · ${tally.summary()}\n${tally.writes()}`);
  for (const failure of failures) console.log(`\n${failure}`);
  expect(failures.length).toBe(0);
});
