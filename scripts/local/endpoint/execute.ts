import { CancelledError, ProxyError } from "./failure";
import type { Lease } from "./pool";
import { type Payload, type Query, type RequestOptions, startTransaction } from "./request";
import { type ElementTypes, plainTypes, resultJson } from "./values";
import type { PostgresConnection, TransactionStatus } from "./wire";
import { PostgresError } from "./wire-errors";
import type { Field } from "./wire-messages";

/** How long a cancelled statement may take to end before its connection is given up. */
const cancelPatienceMs = 100;

/** How long the rest of an answer that is too large is read before its connection is given up. */
const overflowPatienceMs = 2000;

/**
 * Runs a request's statements and gives the answer's JSON. The lease is released or discarded in every case.
 *
 * @param signal aborts when the client goes away
 */
export function execute(
  lease: Lease,
  payload: Payload,
  options: RequestOptions,
  maxResponseBytes: number,
  signal: AbortSignal,
): Promise<string> {
  const output = new ResponseSize(maxResponseBytes);
  return payload.kind === "single"
    ? executeSingle(lease, payload.query, options, output, signal)
    : executeBatch(lease, payload.queries, options, output, signal);
}

/** No BEGIN: PostgreSQL gives the statement its own transaction. After an error the connection is not used again. */
async function executeSingle(
  lease: Lease,
  query: Query,
  options: RequestOptions,
  output: ResponseSize,
  signal: AbortSignal,
): Promise<string> {
  const { connection } = lease;
  // A statement that writes is finished by PostgreSQL even though its answer is too large, so the rest is read past,
  // for a while: a runaway one must not go on for ever.
  output.onOverflow = () => {
    setTimeout(() => connection.destroy(), overflowPatienceMs).unref();
  };
  const running = runQuery(connection, query, options, output);
  try {
    const { json, status } = await orCancelled(running, signal);
    lease.release(status);
    return json;
  } catch (error) {
    if (!(error instanceof CancelledError)) {
      lease.discard();
      throw error;
    }
    await connection.cancel();
    const outcome = await settleWithin(running, cancelPatienceMs);
    if (outcome instanceof PostgresError && outcome.code === "57014") lease.release("I");
    else if (outcome !== null && "status" in outcome) lease.release(outcome.status);
    else lease.discard();
    throw error;
  }
}

/** One transaction, its statements one after the other; the first error rolls all of it back. */
async function executeBatch(
  lease: Lease,
  queries: Query[],
  options: RequestOptions,
  output: ResponseSize,
  signal: AbortSignal,
): Promise<string> {
  const { connection } = lease;
  let cancelling: Promise<void> | undefined;
  output.onOverflow = () => {
    cancelling ??= connection.cancel(); // All of it is rolled back anyway.
  };
  try {
    await connection.simple(startTransaction(options));
  } catch (error) {
    lease.discard();
    throw error;
  }
  const results: string[] = [];
  try {
    for (const query of queries) {
      const { json } = await orCancelled(runQuery(connection, query, options, output), signal);
      results.push(json);
    }
  } catch (error) {
    if (error instanceof CancelledError) {
      await connection.cancel();
      lease.discard();
    } else {
      await cancelling; // It must not hit whoever has the connection next.
      await rollback(lease);
    }
    throw error;
  }
  try {
    const { status } = await connection.simple("COMMIT");
    lease.release(status);
  } catch (error) {
    lease.discard();
    throw error;
  }
  return `{"results":[${results.join(",")}]}`;
}

async function rollback(lease: Lease): Promise<void> {
  try {
    const { status } = await lease.connection.simple("ROLLBACK");
    lease.release(status);
  } catch {
    lease.discard();
  }
}

/** Counts what the answer holds so far, over all statements of a batch. */
class ResponseSize {
  #bytes = 0;
  /** Called when the limit is passed. */
  onOverflow: () => void = () => {};

  constructor(private readonly max: number) {}

  add(json: string): void {
    this.#bytes += Buffer.byteLength(json) + 1;
    this.check(0);
  }

  /** @param more bytes that are sure to come */
  check(more: number): void {
    if (this.#bytes + more <= this.max) return;
    this.onOverflow();
    throw new ProxyError(507, `response is too large (max is ${this.max} bytes)`);
  }
}

async function runQuery(
  connection: PostgresConnection,
  query: Query,
  options: RequestOptions,
  output: ResponseSize,
): Promise<{ json: string; status: TransactionStatus }> {
  const arrayMode = query.arrayMode ?? options.arrayMode;
  let fields: Field[] = [];
  let keys: string[] = [];
  const rows: string[] = [];
  const unread: (string | null)[][] = [];
  let unreadBytes = 0;
  const write = (values: (string | null)[], text: (value: string, column: number) => string) => {
    const items = values.map((value, column) => {
      const json = value === null ? "null" : text(value, column);
      return arrayMode ? json : `${keys[column]}:${json}`;
    });
    const row = arrayMode ? `[${items.join(",")}]` : `{${items.join(",")}}`;
    output.add(row);
    rows.push(row);
  };

  const end = await connection.query(query.text, query.params, {
    onFields: (received) => {
      fields = received;
      keys = fields.map((field) => JSON.stringify(field.name));
    },
    // What a value becomes in JSON depends on its type, and asking about a type has to wait for the connection.
    onRow: (values) => {
      if (options.rawText) {
        write(values, (value) => JSON.stringify(value));
      } else {
        unread.push(values);
        unreadBytes += values.reduce((sum, value) => sum + (value?.length ?? 4), 0);
        output.check(unreadBytes);
      }
    },
  });
  if (unread.length > 0) {
    const elements = await findElementTypes(connection, fields);
    for (const values of unread) {
      write(values, (value, column) => resultJson(value, fields[column]?.dataTypeID ?? 0, elements));
    }
  }

  const fieldsJson = JSON.stringify(fields.map((field) => ({ ...field, format: "text" })));
  const { command, rowCount } = readCommandTag(end.commandTag);
  const json =
    `{"rowAsArray":${arrayMode},"fields":${fieldsJson},"rows":[${rows.join(",")}],` +
    `"command":${JSON.stringify(command)},"rowCount":${rowCount}}`;
  return { json, status: end.status };
}

/** Which of the columns' types are arrays, and of what, by the database's own catalogue. */
async function findElementTypes(connection: PostgresConnection, fields: Field[]): Promise<ElementTypes> {
  const elements = new Map<number, number>();
  const unknown = new Set(fields.map((field) => field.dataTypeID).filter((type) => !plainTypes.has(type)));
  if (unknown.size === 0) return elements;
  // int2vector and oidvector count as arrays in the catalogue, but their text is not an array's.
  await connection.query(
    `select oid, typelem from pg_catalog.pg_type
     where oid = any ($1::pg_catalog.oid[]) and typelem <> 0 and typlen = -1 and oid not in (22, 30)
       and typsubscript = 'pg_catalog.array_subscript_handler'::pg_catalog.regproc`,
    [`{${[...unknown].join(",")}}`],
    { onRow: ([type, element]) => elements.set(Number(type), Number(element)) },
  );
  return elements;
}

/** "INSERT 0 3" has an object id before its count; "CREATE TABLE" has none. */
function readCommandTag(tag: string): { command: string; rowCount: number | null } {
  const [command = "", ...rest] = tag.split(" ");
  const count = command === "INSERT" ? rest[1] : rest.join(" ");
  return { command, rowCount: count !== undefined && /^\d+$/.test(count) ? Number(count) : null };
}

function orCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new CancelledError("query was cancelled"));
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", cancel));
  });
}

/** The work's result or its error, or null when it takes longer. */
async function settleWithin<T extends object>(work: Promise<T>, ms: number): Promise<T | Error | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
  const settled = work.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}
