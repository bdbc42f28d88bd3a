import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { CommandError } from "./command-error";

const MIB = 1024 * 1024;

/**
 * Makes sure that there is room on the disk before work starts that would end halfway.
 * @param folder need not exist yet
 * @throws CommandError
 */
export function requireDiskSpace(folder: string, mebibytes: number): void {
  const { bavail, bsize } = statfsSync(nearestExisting(folder));
  const free = Math.floor((bavail * bsize) / MIB);
  if (free >= mebibytes) return;
  throw new CommandError(
    `The disk is full: Cairn needs about ${mebibytes} MiB in ${folder}, and ${free} MiB are free.`,
  );
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}
