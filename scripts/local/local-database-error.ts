/**
 * The local database cannot be started or kept running. The message is one sentence for the person at the
 * terminal; nothing on disk was broken by getting here.
 */
export class LocalDatabaseError extends Error {
  override readonly name = "LocalDatabaseError";
}

/** Turns what the system says about files and sockets into a sentence; anything unknown is passed on as it is. */
export function explainSystemError(error: unknown, doing: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || error instanceof LocalDatabaseError) return error;
  const reason = systemErrors[String(error.code)];
  return reason === undefined ? error : new LocalDatabaseError(`${doing}: ${reason}.`, { cause: error });
}

const systemErrors: Record<string, string | undefined> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  EEXIST: "a file stands where a folder is needed",
  ENOTDIR: "a file stands where a folder is needed",
  ELOOP: "a symbolic link leads in a circle",
  ENAMETOOLONG: "the path is too long",
  EMFILE: "too many files are open",
  EIO: "the disk cannot be read or written",
};
