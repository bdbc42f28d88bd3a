import { randomBytes, randomUUID } from "node:crypto";
import { chownSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const SavedState = z.object({
  superuserPassword: z.string().min(1),
  ownerPassword: z.string().min(1),
  /** The ports of the last run: tried first, so that addresses written down somewhere stay true. */
  pgPort: z.int().optional(),
  httpPort: z.int().optional(),
});

/** What has to outlive a run of the local database besides the cluster itself. */
export type SavedState = z.infer<typeof SavedState>;

/** Where the passwords and ports are kept. */
export function stateFile(dataDir: string): string {
  return join(dataDir, "local-database.json");
}

/** The state of the last run; null when there is none, or none that makes sense. */
export function readState(dataDir: string): SavedState | null {
  if (!existsSync(stateFile(dataDir))) return null;
  const text = readFileSync(stateFile(dataDir), "utf8");
  try {
    return SavedState.parse(JSON.parse(text));
  } catch {
    return null; // The database's passwords can be set anew.
  }
}

export function newState(): SavedState {
  return { superuserPassword: newPassword(), ownerPassword: newPassword() };
}

function newPassword(): string {
  return randomBytes(24).toString("base64url");
}

/** Replaces the saved state in one step, readable by its owner only. */
export function saveState(dataDir: string, state: SavedState): void {
  const draft = `${stateFile(dataDir)}.${randomUUID()}`;
  writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600, flush: true });
  keepOwner(dataDir, draft);
  renameSync(draft, stateFile(dataDir));
}

/** What root writes into a normal user's data folder must stay that user's. */
export function keepOwner(dataDir: string, file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dataDir);
  chownSync(file, uid, gid);
}
