/** The data cannot be made. The message is for the person at the terminal. */
export class SeedError extends Error {
  override readonly name = "SeedError";
}
