import { format } from "node:util";
import { afterAll, afterEach, expect } from "vitest";

/** What the code under test complained of. A test that expects a complaint puts a spy in the console's place. */
const complaints: string[] = [];

for (const method of ["error", "warn"] as const) {
  const print = console[method];
  console[method] = (...words: unknown[]) => {
    complaints.push(`console.${method}: ${format(...words)}`);
    print(...words);
  };
}

/** Registered first, so run last: after whatever the test file itself does when a test, or all of them, are over. */
afterEach(expectSilence);
afterAll(expectSilence);

function expectSilence() {
  expect(complaints.splice(0)).toEqual([]);
}
