import type { z } from "zod";

/** The one closed set of reasons for which a request of a person can be refused. */
export type ErrorCode =
  | "invalid" // the input broke a rule; `fields` says which
  | "signed_out" // no session, or one that is over
  | "not_found" // not there, or not theirs: the same answer
  | "conflict" // someone changed it since; the answer carries the current row
  | "limited" // too many attempts
  | "forbidden" // the request did not come from our own pages
  | "unavailable" // the database could not be reached; nothing is known to have happened
  | "too_large"; // the form was over its limit

/** Messages beside their field, in the order of the form. The key "" is the form itself. */
export type FieldErrors = Record<string, string[]>;

export type Failure<Current = unknown> = {
  ok: false;
  code: ErrorCode;
  /** One plain sentence for the person. */
  message: string;
  fields?: FieldErrors;
  /** On a conflict: the row as it stands now. */
  current?: Current;
};

export type Result<Data, Current = unknown> = { ok: true; data: Data } | Failure<Current>;

export function ok<Data>(data: Data): { ok: true; data: Data } {
  return { ok: true, data };
}

const MESSAGES: Record<ErrorCode, string> = {
  invalid: "Please check the marked fields.",
  signed_out: "Your session has ended. Sign in again to go on.",
  not_found: "This is not there any more.",
  conflict: "Could not save: it was changed somewhere else in the meantime.",
  limited: "Too many attempts. Wait a little and try again.",
  forbidden: "This request did not come from Cairn's own pages, so it was refused.",
  unavailable: "Cairn cannot reach its database right now. Nothing you typed is lost; try again in a moment.",
  too_large: "This is too large to save. The limit is 1 MB in all.",
};

/** A failure with the standard sentence of its code, unless a better one is given. */
export function fail<Current = never>(
  code: ErrorCode,
  more: { message?: string; fields?: FieldErrors; current?: Current } = {},
): Failure<Current> {
  return { ok: false, code, message: more.message ?? MESSAGES[code], ...pick(more) };
}

function pick<Current>(more: { fields?: FieldErrors; current?: Current }) {
  return {
    ...(more.fields === undefined ? {} : { fields: more.fields }),
    ...(more.current === undefined ? {} : { current: more.current }),
  };
}

/** Zod's issues as messages by field; those of list entries count for the list, those of the whole for "". */
export function fieldErrors(error: z.ZodError): FieldErrors {
  const fields: FieldErrors = {};
  for (const issue of error.issues) {
    const messages = (fields[String(issue.path[0] ?? "")] ??= []);
    if (!messages.includes(issue.message)) messages.push(issue.message);
  }
  return fields;
}
