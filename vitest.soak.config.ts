import { defineConfig } from "vitest/config";

/** `pnpm test:soak`: on what the tests of vitest.config.ts stand on, one long run that prints its own lines. */
export default defineConfig({
  resolve: { alias: { "@": new URL(".", import.meta.url).pathname.replace(/\/$/, "") } },
  test: {
    include: ["tests/model/soak.ts"],
    globalSetup: "tests/global-setup.ts",
    setupFiles: "tests/setup.ts",
    reporters: ["dot"],
    disableConsoleIntercept: true,
    testTimeout: 0,
    hookTimeout: 60_000,
  },
});
