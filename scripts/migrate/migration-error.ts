/** A migration cannot go on. The message is for the person at the terminal: what, where, and what is in place now. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}
