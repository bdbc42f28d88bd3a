import { ProxyTracerProvider, SpanKind, SpanStatusCode, trace, type Attributes } from "@opentelemetry/api";
import { noteDatabaseRequest } from "../server-timing";
import { databaseFault } from "./errors";

/**
 * What is told of each request to the database: the statements' names, how long it took, how many rows each gave, and
 * the code of an error. Never SQL, a parameter, or the text of an error, in which there can be what people wrote.
 */

/** Where requests go, and from when on they are slow. */
export type Connection = {
  host: string;
  port: number;
  /** The database's name. */
  name: string;
  /** In milliseconds; without it, nothing is slow. */
  slowAfter?: number | undefined;
};

/** The longest that OpenTelemetry lets a summary be. */
const SUMMARY_MAX = 255;

const TRACER = "cairn";

/** Whether an SDK is registered. Without one, describing what nobody is told of takes longer than all else here. */
function isTraced(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(TRACER) !== undefined;
}

/**
 * Makes one request, with an SDK in a span below the active one, which is the page's own. Attributes follow
 * OpenTelemetry's conventions for databases 1.33+; ours begin with "cairn.".
 * @param retries how often the same was tried before
 */
export async function inSpan(
  { host, port, name }: Connection,
  names: readonly string[],
  retries: number,
  send: () => Promise<unknown[]>,
): Promise<unknown[]> {
  if (!isTraced()) return timed(send);
  const summary = names.join(" ").slice(0, SUMMARY_MAX);
  const attributes: Attributes = {
    "db.system.name": "postgresql",
    "db.namespace": name,
    "db.query.summary": summary,
    "server.address": host,
    "server.port": port,
    "cairn.statement.names": [...names],
    // One operation is no batch, the convention says.
    ...(names.length > 1 && { "db.operation.batch.size": names.length }),
    ...(retries > 0 && { "cairn.retries": retries }),
  };
  return trace
    .getTracer(TRACER)
    .startActiveSpan(summary, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      try {
        const results = await timed(send);
        const rows = results.map(rowCount);
        span.setAttribute("cairn.statement.rows", rows);
        span.setAttribute(
          "db.response.returned_rows",
          rows.reduce((sum, count) => sum + count, 0),
        );
        return results;
      } catch (error) {
        const code = errorCode(error);
        if (code !== "") span.setAttribute("db.response.status_code", code);
        span.setAttribute("error.type", code || errorName(error));
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
}

/** Makes one request, which counts for `Server-Timing` whatever comes of it. */
async function timed(send: () => Promise<unknown[]>): Promise<unknown[]> {
  const started = performance.now();
  try {
    return await send();
  } finally {
    noteDatabaseRequest(performance.now() - started);
  }
}

/** Writes one line of JSON to the log when a request, with its retries, took longer than the connection's limit. */
export function noteIfSlow(
  { slowAfter = Number.POSITIVE_INFINITY }: Connection,
  done: {
    names: readonly string[];
    ms: number;
    retries: number;
    results?: readonly unknown[];
    error?: unknown;
  },
): void {
  const { names, ms, retries, results, error } = done;
  if (ms <= slowAfter) return;
  console.warn(
    JSON.stringify({
      message: "slow database request",
      ms: Math.round(ms),
      retries,
      names,
      ...(results ? { rows: results.map(rowCount) } : { error: errorCode(error) || errorName(error) }),
    }),
  );
}

/** How many rows a statement gave, or changed: of Drizzle's builders a list, of `execute` the driver's own result. */
function rowCount(result: unknown): number {
  if (Array.isArray(result)) return result.length;
  const count: unknown = typeof result === "object" && result !== null ? Reflect.get(result, "rowCount") : 0;
  return typeof count === "number" ? count : 0;
}

function errorCode(error: unknown): string {
  return databaseFault(error)?.code ?? "";
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
