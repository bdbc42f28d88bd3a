import { ConnectionError } from "../connection";
import { LocalDatabaseError } from "../local/local-database-error";
import { MigrationError } from "../migrate/migration-error";
import { SeedError } from "../seed/seed-error";

/** The command cannot go on. The message is one sentence for the person at the terminal. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** The command was asked to stop, by Ctrl-C or a signal. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  constructor() {
    super("Interrupted.");
  }
}

const EXPECTED = [
  CommandError,
  InterruptedError,
  ConnectionError,
  LocalDatabaseError,
  MigrationError,
  SeedError,
];

/** What the person at the terminal is told: one sentence for what can be expected, the whole trace for a bug. */
export function explainFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (EXPECTED.some((kind) => error instanceof kind)) return error.message;
  return systemSentence(error) ?? error.stack ?? error.message;
}

/** Whether a program's output says that it ran out of disk. */
export function saysDiskFull(output: string): boolean {
  return /ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i.test(output);
}

function systemSentence(error: Error): string | null {
  const code = "code" in error ? String(error.code) : "";
  const at = "path" in error && typeof error.path === "string" ? `${error.path}: ` : "";
  const reason = SYSTEM_REASONS[code];
  return reason === undefined ? null : `${at}${reason}.`;
}

const SYSTEM_REASONS: Record<string, string | undefined> = {
  ENOSPC: "The disk is full",
  EDQUOT: "The disk quota is used up",
  EROFS: "The file system is read-only",
  EACCES: "Permission denied",
  EPERM: "Permission denied",
};
