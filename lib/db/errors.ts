import { fail, type ErrorCode, type Failure, type FieldErrors } from "../result";
import * as limits from "./limits";

/** A request that was refused for a reason that a person can be told. Everything else that is thrown is a bug. */
export class Refused extends Error {
  override readonly name = "Refused";
  /** Without a current row: what refused knows none. */
  readonly failure: Failure<never>;

  constructor(failure: Failure<never>, options?: ErrorOptions) {
    super(failure.code, options);
    this.failure = failure;
  }
}

/** Throws a refusal; for conditions that are known before the database is asked. */
export function refuse(code: ErrorCode, more?: { message?: string; fields?: FieldErrors }): never {
  throw new Refused(fail(code, more));
}

/** Runs a write and turns its refusal into a Failure; bugs go on being thrown. */
export async function attempt<Data>(write: () => Promise<Data>): Promise<Data | Failure<never>> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Refused) return error.failure;
    throw error;
  }
}

/** Private SQLSTATEs of app.enter and app.guard. Of CN422 the message is "field: sentence". */
const OUR_CODES: Record<string, ErrorCode> = {
  CN401: "signed_out",
  CN404: "not_found",
  CN409: "conflict",
  CN422: "invalid",
};

/** What a person is told when the database, the last line of defence, finds a broken rule that the schema let through. */
const CONSTRAINTS: Record<string, FieldErrors> = {
  todos_title_check: { title: [`Use 1 to ${limits.TITLE_MAX} characters.`] },
  todos_description_check: {
    description: [`Use at most ${limits.DESCRIPTION_MAX.toLocaleString("en")} characters.`],
  },
  todos_priority_check: {
    priority: [`Choose a priority from ${limits.PRIORITY_MIN} to ${limits.PRIORITY_MAX}.`],
  },
  todos_priority_due_check: {
    dueDate: [`Priority ${limits.PRIORITY_HIGH} and ${limits.PRIORITY_MAX} need a due date.`],
  },
  todos_due_time_check: { dueTime: ["A time needs a due date."] },
  todos_due_date_check: { dueDate: ["Choose a date between 1970 and 9999."] },
  todos_scheduled_for_check: { scheduledFor: ["Choose a date between 1970 and 9999."] },
  tags_organization_id_name_key: { name: ["There is already a tag with this name."] },
  tags_name_check: { name: [`Use 1 to ${limits.TAG_NAME_MAX} characters.`] },
  tags_colour_check: { colour: ["Choose a colour such as #2f6b4f."] },
  users_email_key: { email: ["There is already an account with this e-mail address. Sign in instead."] },
  users_name_check: { name: [`Use 1 to ${limits.PERSON_NAME_MAX} characters.`] },
};

/** SQLSTATE classes and codes that say "not now" and nothing about the request. */
const UNAVAILABLE = /^(08|53|57P|58|25P03|57014|XX000)/;

export type DatabaseFault = { code: string; constraint: string; message: string };

/**
 * A database error without what people wrote: what the driver and Drizzle throw carries the statement with its
 * parameters, or the row that broke a rule, and Next prints the whole of what is thrown. This is what the log may have.
 */
export class DatabaseError extends Error implements DatabaseFault {
  override readonly name = "DatabaseError";
  readonly code: string;
  readonly constraint: string;

  constructor({ code, constraint, message }: DatabaseFault) {
    // A message about data (class 22) quotes them; all others speak of tables, columns and the server.
    super(code.startsWith("22") ? "invalid data" : message);
    this.code = code;
    this.constraint = constraint;
  }
}

/** The fields of a database error, wherever the driver or Drizzle put it; null for what is not one. */
export function databaseFault(error: unknown): DatabaseFault | null {
  if (error instanceof DatabaseError) return error;
  const inner = error instanceof Error && error.name !== "NeonDbError" && error.cause ? error.cause : error;
  if (!(inner instanceof Error) || inner.name !== "NeonDbError") return null;
  const read = (key: string) => {
    const value: unknown = Reflect.get(inner, key);
    return typeof value === "string" ? value : "";
  };
  return { code: read("code"), constraint: read("constraint"), message: inner.message };
}

/** Whether the transaction was undone only because of others at the same time, so that it may be run again. */
export function isRetryable(error: unknown): boolean {
  const fault = databaseFault(error);
  // Two who add a row with one id at the same instant: "on conflict (id) do nothing" looks at the primary key alone, and
  // the other unique index over the id may be met first.
  const isTwin = fault?.code === "23505" && fault.constraint.endsWith("_organization_id_id_key");
  return isTwin || fault?.code === "40001" || fault?.code === "40P01";
}

/**
 * The one map from what the database said to what a person is told. Gives a Refused, or, when it is a bug, an error that
 * can be logged; what is no database error, it gives back.
 */
export function mapDatabaseError(error: unknown): unknown {
  if (error instanceof Refused) return error;
  const fault = databaseFault(error);
  if (fault === null) return error;
  const cause = new DatabaseError(fault);
  const refused = (failure: Failure<never>) => new Refused(failure, { cause });

  const ours = OUR_CODES[fault.code];
  if (ours === "invalid") {
    const [field = "", ...sentence] = fault.message.split(": ");
    return refused(fail("invalid", { fields: { [field]: [sentence.join(": ")] } }));
  }
  if (ours !== undefined) return refused(fail(ours));

  const fields = CONSTRAINTS[fault.constraint];
  if (fields !== undefined) return refused(fail("invalid", { fields }));
  // A row that refers to, or was let into, something that is not there or not theirs.
  const hidden = fault.code === "42501" && fault.message.includes("row-level security");
  if (fault.code === "23503" || hidden) return refused(fail("not_found"));
  // A character that PostgreSQL cannot keep (NUL), past a schema that should have said so beside its field.
  if (fault.code === "22021") {
    return refused(fail("invalid", { message: "The text holds a character that cannot be stored." }));
  }
  if (fault.code === "" || UNAVAILABLE.test(fault.code) || isRetryable(error)) {
    // Wrong credentials come without a code too, and are a mistake of the deployment, not an outage.
    if (fault.message.startsWith("password authentication failed")) return cause;
    return refused(fail("unavailable"));
  }
  return cause;
}
