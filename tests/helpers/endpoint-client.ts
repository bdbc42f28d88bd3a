import { inject } from "vitest";
import { type Endpoint, type EndpointLimits, startEndpoint } from "@/scripts/local/endpoint";

export type Result = {
  fields: Record<string, unknown>[];
  rows: unknown[];
  command: string;
  rowCount: number | null;
  rowAsArray: boolean;
};

export type Answer = {
  status: number;
  headers: Headers;
  /** The body as it came. */
  text: string;
  /** Of a single statement that went well. */
  result: Result;
  /** Of a batch that went well. */
  results: Result[];
  /** Of anything that did not. */
  error: Record<string, unknown>;
};

export type Target = { endpoint: string; databaseUrl: string };

/** Posts a body as it is, with the headers that every request needs; they may be overridden, or left out by "". */
export async function post(
  target: Target,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const all = Object.entries({ "Neon-Connection-String": target.databaseUrl, ...headers });
  const response = await fetch(target.endpoint, {
    method: "POST",
    body: new Uint8Array(Buffer.from(body)),
    headers: Object.fromEntries(all.filter(([, value]) => value !== "")),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  const json = JSON.parse(text);
  return {
    status: response.status,
    headers: response.headers,
    text,
    result: json,
    results: json.results,
    error: json,
  };
}

/** Posts one statement. */
export function single(
  target: Target,
  query: string,
  params: unknown[] = [],
  headers: Record<string, string> = {},
): Promise<Answer> {
  return post(target, JSON.stringify({ query, params }), headers);
}

/** Posts several statements as one transaction. */
export function batch(
  target: Target,
  queries: (string | { query: string; params?: unknown[]; arrayMode?: boolean })[],
  headers: Record<string, string> = {},
): Promise<Answer> {
  const items = queries.map((query) => (typeof query === "string" ? { query } : query));
  return post(target, JSON.stringify({ queries: items }), headers);
}

/** The first row of a single statement's answer. */
export async function firstRow(
  target: Target,
  query: string,
  params: unknown[] = [],
  headers: Record<string, string> = {},
): Promise<unknown> {
  const answer = await single(target, query, params, headers);
  if (answer.status !== 200) throw new Error(`HTTP status ${answer.status}: ${answer.text}`);
  return answer.result.rows[0];
}

/** An endpoint of the test's own in front of the shared server, with other limits. */
export function startTestEndpoint(limits: Partial<EndpointLimits> = {}): Promise<Endpoint> {
  const { hostname, port } = new URL(inject("server").ownerUrl);
  return startEndpoint({ pgHost: hostname, pgPort: Number(port), limits });
}

/** The keys of every error body, in their order. */
export const errorKeys = [
  "message",
  "code",
  "detail",
  "hint",
  "position",
  "internalPosition",
  "internalQuery",
  "severity",
  "where",
  "table",
  "column",
  "schema",
  "dataType",
  "constraint",
  "file",
  "line",
  "routine",
];

/** The body of an error that the proxy itself reports. */
export function proxyError(message: unknown): Record<string, unknown> {
  const empty = Object.fromEntries(errorKeys.map((key) => [key, null]));
  return { ...empty, message, code: "", severity: "" };
}
