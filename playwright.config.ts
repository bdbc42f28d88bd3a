import { defineConfig } from "@playwright/test";

/**
 * scripts/test.ts starts the database, the production build and the proxy between them, finds a Chromium, and tells of
 * them by environment variables; so there is no webServer here.
 */
export default defineConfig({
  testDir: "e2e",
  fullyParallel: true,
  workers: 2,
  // A test that passes at the second try only has found something.
  retries: 0,
  forbidOnly: true,
  // For a machine with much else to do: what a test waits for has limits of its own, which are shorter.
  timeout: 90_000,
  reporter: [["list"], ["json", { outputFile: given("CAIRN_PLAYWRIGHT_REPORT") }]],
  use: {
    baseURL: given("BASE_URL"),
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: given("CAIRN_CHROMIUM"),
      args: JSON.parse(given("CAIRN_CHROMIUM_ARGS")),
    },
  },
});

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the tests with pnpm e2e.`);
  return value;
}
