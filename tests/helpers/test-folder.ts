import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type TestFolder = { path: string; remove: () => void };

/** A new, empty temporary folder that everyone may enter. Its path is the real one: on macOS it starts at a link. */
export function makeTestFolder(): TestFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "cairn-test-")));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
