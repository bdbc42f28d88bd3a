import { neonConfig } from "@neondatabase/serverless";
import { openAppDatabases, openSystemDatabase, type Database } from "@/lib/db/client";
import { newId } from "@/lib/db/id";
import { createScope, type Scope } from "@/lib/db/scope";
import { Pool, type QueryResultRow } from "pg";
import { startCountingProxy, type CountedRequest, type Fault } from "../helpers/counting-proxy";
import type { TestDatabase } from "../helpers/database";

/** What becomes of one try of a write on its way to the database. */
export type LineFault =
  | { kind: "refused connection" }
  | { kind: "lost before" } // Gone before the endpoint saw it.
  | { kind: "lost after commit" } // The endpoint answered, and nobody heard it.
  | { kind: "delay"; ms: number }
  | { kind: "40001"; times: number } // The endpoint's answer, so many times, before anything happened.
  | { kind: "dead backend"; at: number }; // The database's process ends before the statement of this number.

/** One try: a scope, and what the line knows of it afterwards. */
export type Try = {
  scope: Scope;
  /** Whether the database carried it out. */
  happened: () => boolean;
  /** How often the scope asked the endpoint. */
  requests: () => number;
};

/** The way from the app to the endpoint, on which each try can meet its own fault. */
export type Line = {
  /** Runs a statement as the owner, beside the line; several at once. */
  sql: TestDatabase["sql"];
  /**
   * Begins a try of a write.
   * @param more.writingSql what stands in its request that writes, if it has several: that is the one that meets the fault
   * @param more.commandId of its first try, when it is not that
   */
  begin: (
    tokenHash: string,
    fault: LineFault | null,
    more?: { writingSql?: string | undefined; commandId?: string | undefined },
  ) => Try;
  /** The owner's, on the same way. */
  ownerDb: Database;
  stop: () => Promise<void>;
};

/** Nobody listens there, and fetch does not refuse it by itself. */
const CLOSED = "http://127.0.0.1:2/sql";
const CLOSED_HOST = "closed.cairn.test";
const SERIALIZATION_FAILURE = JSON.stringify({
  message: "could not serialize access due to concurrent update",
  code: "40001",
});
const DIE = "select pg_terminate_backend(pg_backend_pid())";
const NOW = new Date("2026-11-20T12:00:00Z");

/** Opens a line. The driver knows one way to find endpoints per process, so open one per test file. */
export async function openLine(database: TestDatabase): Promise<Line> {
  const proxy = await startCountingProxy(database.endpoint);
  const elsewhere = new URL(database.databaseUrl);
  elsewhere.hostname = CLOSED_HOST;
  const { authSecret } = database;
  const open = openAppDatabases({ databaseUrl: database.databaseUrl, authSecret });
  const closed = openAppDatabases({ databaseUrl: elsewhere.href, authSecret });
  neonConfig.fetchEndpoint = (host) => (host === CLOSED_HOST ? CLOSED : proxy.url);

  type Tried = { fault: LineFault | null; writingSql: string; requests: number; writing: CountedRequest[] };
  const tries = new Map<string, Tried>();
  proxy.setFault((request) => {
    proxy.reset(); // Each try keeps its own.
    const one = tries.get(tryOf(request));
    if (one === undefined) return null;
    one.requests += 1;
    if (!queriesOf(request).some(({ query }) => query.includes(one.writingSql))) return null;
    one.writing.push(request);
    return faultOf(one.fault, one.writing.length);
  });

  const owner = new Pool({ connectionString: database.unpooledUrl });
  return {
    sql: async <Row extends QueryResultRow>(text: string, params: unknown[] = []) =>
      (await owner.query<Row>(text, params)).rows,
    ownerDb: openSystemDatabase({ databaseUrl: database.databaseUrl }),
    begin(tokenHash, fault, { writingSql = "", commandId } = {}) {
      const databases = fault?.kind === "refused connection" ? closed : open;
      // Each try tells itself apart by what it says that the browser is.
      const userAgent = newId();
      const scope = createScope({ databases, tokenHash, context: { now: NOW, userAgent }, commandId });
      const one: Tried = { fault, writingSql, requests: 0, writing: [] };
      tries.set(userAgent, one);
      return {
        scope,
        happened() {
          tries.delete(userAgent);
          return one.writing.some(({ status }) => status === 200);
        },
        requests: () => one.requests,
      };
    },
    async stop() {
      await owner.end();
      await proxy.stop();
    },
  };
}

/** What the proxy does to the n-th request of a try. */
function faultOf(fault: LineFault | null, nth: number): Fault | null {
  switch (fault?.kind) {
    case "lost before":
      return nth === 1 ? { kind: "lose-request" } : null;
    case "lost after commit":
      return nth === 1 ? { kind: "lose-response" } : null;
    case "delay":
      return { kind: "delay", ms: fault.ms };
    case "40001":
      return nth <= fault.times ? { kind: "status", status: 400, body: SERIALIZATION_FAILURE } : null;
    case "dead backend":
      return nth === 1 ? { kind: "insert-statement", at: fault.at, query: DIE } : null;
    default:
      return null;
  }
}

type Query = { query: string; params: string[] };

/** Of a batch, or of a statement alone. */
function queriesOf({ body }: CountedRequest): Query[] {
  const sent = Object(body) as { queries?: Query[] } & Partial<Query>;
  return sent.queries ?? (sent.query === undefined ? [] : [sent as Query]);
}

/** Which try a request belongs to, as it says to app.enter in its first statement; none of the owner's is one. */
function tryOf(request: CountedRequest): string {
  const [first] = queriesOf(request);
  const [, , , , userAgent = ""] = first?.query.includes("app.enter") ? first.params : [];
  return userAgent;
}
