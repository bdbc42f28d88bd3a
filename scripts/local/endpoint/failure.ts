import { ConnectionError, EncodeError, PostgresError } from "./wire-errors";

/** An error that the proxy itself reports: a status and a sentence, all other fields empty. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The client went away; nobody reads the answer. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
}

export type Failure = { status: number; body: Record<string, string | null> };

/** What the client is told: always the same 17 keys, of which a proxy's own error fills only the message. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CancelledError) {
    // The one answer with two keys only, as in the proxy.
    return { status: 400, body: { message: "Query cancelled, connection was terminated", code: "08P01" } };
  }
  if (error instanceof PostgresError) return { status: 400, body: errorBody(error.message, error.fields) };
  if (error instanceof ProxyError) return { status: error.status, body: errorBody(error.message) };
  if (error instanceof ConnectionError || error instanceof EncodeError) {
    return { status: 400, body: errorBody(error.message) };
  }
  return { status: 500, body: errorBody(error instanceof Error ? error.message : String(error)) };
}

/** What opening a connection threw, as the proxy words it: the client's own mistakes are 400, the rest 500. */
export function describeConnectFailure(error: unknown, user: string): Failure {
  if (!(error instanceof PostgresError)) {
    return { status: 500, body: errorBody("Couldn't connect to compute node") };
  }
  if (error.code === "28P01" || error.code === "28000") {
    return { status: 400, body: errorBody(`password authentication failed for user '${user}'`) };
  }
  const databaseMissing = error.code === "3D000";
  return { status: databaseMissing ? 400 : 500, body: errorBody(error.message, error.fields) };
}

function errorBody(message: string, fields: ReadonlyMap<string, string> = new Map()): Failure["body"] {
  const field = (code: string) => fields.get(code) ?? null;
  const internal = !fields.has("P");
  return {
    message,
    code: fields.get("C") ?? "",
    detail: field("D"),
    hint: field("H"),
    position: field("P"),
    internalPosition: internal ? field("p") : null,
    internalQuery: internal && fields.has("p") ? field("q") : null,
    severity: fields.get("S") ?? "",
    where: field("W"),
    table: field("t"),
    column: field("c"),
    schema: field("s"),
    dataType: field("d"),
    constraint: field("n"),
    file: field("F"),
    line: field("L"),
    routine: field("R"),
  };
}
