/** An error that PostgreSQL itself reported. The keys are the protocol's one-letter field codes. */
export class PostgresError extends Error {
  override readonly name = "PostgresError";

  constructor(readonly fields: ReadonlyMap<string, string>) {
    super(fields.get("M") ?? "");
  }

  /** SQLSTATE. */
  get code(): string {
    return this.fields.get("C") ?? "";
  }
}

/** The connection to PostgreSQL could not be made, or broke. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

/** The statement could not be put into a message (a NUL in its text, too many parameters). */
export class EncodeError extends Error {
  override readonly name = "EncodeError";

  constructor() {
    super("error encoding message to server");
  }
}
