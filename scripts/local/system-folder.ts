import { mkdirSync } from "node:fs";
import { LocalDatabaseError } from "./local-database-error";

/**
 * Where root keeps what PostgreSQL's account cannot reach in the clone itself (one in /root, mode 700). Only root
 * ever uses it.
 */
export function systemFolder(): string {
  const folder = "/var/lib/cairn";
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    return folder;
  } catch (error) {
    throw new LocalDatabaseError(
      `PostgreSQL does not run as root, and ${folder}, where its own account could reach the data, cannot be made; start Cairn as a normal user, or from a folder that everyone may enter.`,
      { cause: error },
    );
  }
}
