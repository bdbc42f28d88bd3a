import { CancelledError, ProxyError } from "./failure";
import type { Lease } from "./pool";
import { type Payload, type Query, type RequestOptions, startTransaction } from "./request";
import { type ElementTypes, plainTypes, resultJson } from "./values";
import type { PostgresConnection, QueryHandler, Statement, TransactionStatus } from "./wire";
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
  const running = runQueries(connection, [query], options, output);
  try {
    const { results, status } = await orCancelled(running, signal);
    lease.release(status);
    return results.join("");
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

/**
 * One transaction, its statements one after the other; the first error rolls all of it back. They are sent together, as
 * none of them waits for another's answer. COMMIT does: what the client does not get must not happen.
 */
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
  let results: string[];
  try {
    const start = { text: startTransaction(options), params: [] };
    ({ results } = await orCancelled(runQueries(connection, queries, options, output, start), signal));
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

/** Runs statements, after `first` if there is one, and gives the JSON of each one's result. */
async function runQueries(
  connection: PostgresConnection,
  queries: readonly Query[],
  options: RequestOptions,
  output: ResponseSize,
  first?: Statement,
): Promise<{ results: string[]; status: TransactionStatus }> {
  const statements = queries.map(({ text, params, arrayMode }) => {
    const answer = new Answer(arrayMode ?? options.arrayMode, options.rawText, output);
    return { text, params, handler: answer, answer };
  });
  const all = first === undefined ? statements : [{ ...first, answer: null }, ...statements];
  const results: string[] = [];
  let status: TransactionStatus = "I";
  // Where values are not sent as they are, their types are asked for before the next statement may change them.
  for (const round of options.rawText ? [all] : all.map((statement) => [statement])) {
    const end = await connection.query(round);
    for (const [index, { answer }] of round.entries()) {
      if (answer === null) continue;
      if (answer.isUnread) answer.read(await findElementTypes(connection, answer.fields));
      results.push(answer.json(end.commandTags[index] ?? ""));
    }
    status = end.status;
  }
  return { results, status };
}

/** One statement's result, as it comes. */
class Answer implements QueryHandler {
  fields: Field[] = [];
  #keys: string[] = [];
  readonly #rows: string[] = [];
  readonly #unread: (string | null)[][] = [];
  #unreadBytes = 0;

  constructor(
    private readonly arrayMode: boolean,
    private readonly rawText: boolean,
    private readonly output: ResponseSize,
  ) {}

  onFields = (received: Field[]): void => {
    this.fields = received;
    this.#keys = received.map((field) => JSON.stringify(field.name));
  };

  // What a value becomes in JSON depends on its type, and asking about a type has to wait for the connection.
  onRow = (values: (string | null)[]): void => {
    if (this.rawText) {
      this.#write(values, (value) => JSON.stringify(value));
    } else {
      this.#unread.push(values);
      this.#unreadBytes += values.reduce((sum, value) => sum + (value?.length ?? 4), 0);
      this.output.check(this.#unreadBytes);
    }
  };

  /** Whether there are rows that wait for the types of their values. */
  get isUnread(): boolean {
    return this.#unread.length > 0;
  }

  read(elements: ElementTypes): void {
    for (const values of this.#unread.splice(0)) {
      this.#write(values, (value, column) =>
        resultJson(value, this.fields[column]?.dataTypeID ?? 0, elements),
      );
    }
  }

  json(commandTag: string): string {
    const fields = JSON.stringify(this.fields.map((field) => ({ ...field, format: "text" })));
    const { command, rowCount } = readCommandTag(commandTag);
    return (
      `{"rowAsArray":${this.arrayMode},"fields":${fields},"rows":[${this.#rows.join(",")}],` +
      `"command":${JSON.stringify(command)},"rowCount":${rowCount}}`
    );
  }

  #write(values: (string | null)[], text: (value: string, column: number) => string): void {
    const items = values.map((value, column) => {
      const json = value === null ? "null" : text(value, column);
      return this.arrayMode ? json : `${this.#keys[column]}:${json}`;
    });
    const row = this.arrayMode ? `[${items.join(",")}]` : `{${items.join(",")}}`;
    this.output.add(row);
    this.#rows.push(row);
  }
}

/** Which of the columns' types are arrays, and of what, by the database's own catalogue. */
async function findElementTypes(connection: PostgresConnection, fields: Field[]): Promise<ElementTypes> {
  const elements = new Map<number, number>();
  const unknown = new Set(fields.map((field) => field.dataTypeID).filter((type) => !plainTypes.has(type)));
  if (unknown.size === 0) return elements;
  // int2vector and oidvector count as arrays in the catalogue, but their text is not an array's.
  await connection.query([
    {
      text: `select oid, typelem from pg_catalog.pg_type
     where oid = any ($1::pg_catalog.oid[]) and typelem <> 0 and typlen = -1 and oid not in (22, 30)
       and typsubscript = 'pg_catalog.array_subscript_handler'::pg_catalog.regproc`,
      params: [`{${[...unknown].join(",")}}`],
      handler: { onRow: ([type, element]) => elements.set(Number(type), Number(element)) },
    },
  ]);
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
