import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": new URL(".", import.meta.url).pathname.replace(/\/$/, "") } },
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: "tests/global-setup.ts",
    setupFiles: "tests/setup.ts",
    // Vitest keeps one core for itself; on a machine with two that would be every test after the other, although most of
    // their time is PostgreSQL's.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A test is never about time: these end what hangs, also on a machine that has much else to do. For the same reason no
    // request counts as slow, which would be a complaint in the log.
    testTimeout: 90_000,
    hookTimeout: 180_000,
    env: { SLOW_QUERY_MS: "999999999" },
  },
});
