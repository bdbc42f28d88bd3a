import { sql, type SQL } from "drizzle-orm";
import { expectDatabaseRequest } from "../server-timing";
import { newId } from "./id";
import type { AppDatabases, Database } from "./client";
import { firstRow, sendBatch, sendStatement } from "./batch";
import { mapDatabaseError, refuse } from "./errors";
import { createMemory, type Memory } from "./memory";
import { nameStatements, type NamedStatement, type Results, type Statement } from "./named";
import type { Preferences } from "./schema/users";
import { createSeal, type Seal } from "./seal";

export type { Statement } from "./named";

/** What a request tells about itself; it ends up in the audit rows. */
export type RequestContext = {
  /** The instant that "today" and "overdue" are computed at. */
  now: Date;
  ip?: string | undefined;
  userAgent?: string | undefined;
};

export type OrganizationSummary = {
  id: string;
  name: string;
  role: "owner" | "admin" | "member" | "viewer";
  personal: boolean;
};

/** The person who asks, as app.enter found them. */
export type Actor = {
  userId: string;
  sessionId: string;
  email: string;
  name: string;
  preferences: Preferences;
  /** IANA. */
  timeZone: string;
  personalOrganizationId: string;
  organizations: OrganizationSummary[];
  /** Their own date, YYYY-MM-DD. */
  today: string;
  /** Their own wall-clock time, HH:MM:SS. */
  localTime: string;
};

/**
 * One request of one person. Whatever is asked of it in the same tick travels in one request, in one transaction, with
 * app.enter first, then the statements in the order they were asked for. Reads asked for beside a write see what it wrote.
 */
export type Scope = {
  /** Builds statements. Run by itself, a statement shows nothing: nobody has entered. */
  readonly db: Database;
  /** Groups the audit rows of this request. */
  readonly commandId: string;
  /** For what travels through addresses and is nobody else's to read or use. */
  readonly sealed: Seal;
  /**
   * Runs statements in this tick's batch and gives their results in order. `name` is the repository function's, with its
   * noun ("todos.listTodos"): what traces, the slow-query line and pg_stat_statements call them.
   * Throws Refused: signed_out, unavailable, or what a guard or constraint said; then nothing of the batch happened.
   */
  run<const Statements extends readonly Statement[]>(
    name: string,
    statements: Statements,
    options?: { serializable?: boolean },
  ): Promise<Results<Statements>>;
  /**
   * Asks for the value of one of our functions in this tick's batch. `name` and what it throws are those of `run`. When
   * values are all that a tick asks for, one plain statement enters and gives them, without the trips of a transaction
   * around it. All its values are of one moment then, that of the request.
   */
  call<Value>(name: string, call: Call): Promise<Value>;
  /** Who asks; joins this tick's batch when nobody has asked yet. */
  actor(): Promise<Actor>;
};

/**
 * A function in the database's schema app, and what it is called with. Before that it is given what came before it as a
 * text of JSON values with commas in between, and it gives that with its own value behind it: that it needs what
 * app.try_enter gives is what makes it run after it. It is declared STRICT, because that is null for whoever is not signed
 * in: then nothing runs.
 */
export type Call = {
  function: string;
  /** Numbers are limits of ours and stand in the statement; texts are its parameters. */
  arguments?: readonly (number | string)[];
  /**
   * Whether it is given, last of all, the etag of the value that this process remembers for the session and the name, or an
   * empty text; and gives [etag, value], or null when the value is still that one. The etag tells apart all that the value
   * depends on, the arguments among it; an empty one is not remembered. The value is given again to whoever asks next in that
   * session, and is left as it is.
   */
  hasEtag?: boolean;
};

/** What is asked for at once: statements, a value, or, when both are missing, only who asks. */
type Asked = { statements?: readonly NamedStatement[]; serializable?: boolean; value?: NamedCall };

type NamedCall = { name: string; call: Call; etag?: string | undefined };

/** In characters of JSON; the heap takes some four times as much. Most values have 4,000. */
const REMEMBERED_MAX = 8_000_000;
const processMemory = createMemory(REMEMBERED_MAX);

type Pending = {
  asked: Asked;
  resolve(answer: { actor: Actor; results: unknown[] }): void;
  reject(error: unknown): void;
};

type ScopeOptions = {
  databases: AppDatabases;
  /**
   * SHA-256 of the session cookie's token in hex, or null without a cookie: then everything is refused as signed_out, and the
   * database is not asked.
   */
  tokenHash: string | null;
  context: RequestContext;
  /** Left out, it is a new one; a request that is sent again gives that of its first time. */
  commandId?: string | undefined;
  /** Of values that have an etag; left out, the process's own. */
  memory?: Memory;
};

/** Makes the scope of one request. */
export function createScope(options: ScopeOptions): Scope {
  return new RequestScope(options);
}

/** A class, because each request makes one: methods are made once, functions in functions each time. */
class RequestScope implements Scope {
  readonly db: Database;
  readonly commandId: string;
  readonly #databases: AppDatabases;
  readonly #tokenHash: string | null;
  readonly #context: RequestContext;
  readonly #memory: Memory;
  #pending: Pending[] = [];
  #known: Actor | undefined;
  #seal: Seal | undefined;

  constructor({ databases, tokenHash, context, commandId, memory }: ScopeOptions) {
    this.db = databases.readCommitted;
    this.commandId = commandId ?? newId();
    this.#databases = databases;
    this.#tokenHash = tokenHash;
    this.#context = context;
    this.#memory = memory ?? processMemory;
  }

  /** Deriving its key takes longer than all else here, and few requests seal anything. */
  get sealed(): Seal {
    return (this.#seal ??= createSeal(this.#tokenHash ?? ""));
  }

  async run<const Statements extends readonly Statement[]>(
    name: string,
    statements: Statements,
    { serializable = false }: { serializable?: boolean } = {},
  ): Promise<Results<Statements>> {
    const { results } = await this.#enqueue({ statements: nameStatements(name, statements), serializable });
    // The batch gives one result per statement, in order, mapped by the statement itself: that is its type.
    return results as Results<Statements>;
  }

  async call<Value>(name: string, call: Call): Promise<Value> {
    // What the function gives is its caller's to know, as with any statement in SQL.
    if (call.hasEtag !== true) return (await this.#enqueue({ value: { name, call } })).results[0] as Value;
    const key = `${String(this.#tokenHash)} ${name}`;
    const last = this.#memory.recall(key);
    const { results } = await this.#enqueue({ value: { name, call, etag: last?.etag } });
    const told = results[0] as [etag: string, value: Value] | null;
    if (told === null) {
      if (last === undefined) throw new Error(`${call.function} gave no value to whoever knew none`);
      return last.value as Value;
    }
    const [etag, value] = told;
    if (etag !== "") this.#memory.remember(key, { etag, value });
    return value;
  }

  async actor(): Promise<Actor> {
    return this.#known ?? (await this.#enqueue({})).actor;
  }

  #enqueue(asked: Asked): Promise<{ actor: Actor; results: unknown[] }> {
    return new Promise((resolve, reject) => {
      // A macrotask later every component that renders in this tick has asked for what it needs.
      if (this.#pending.length === 0) {
        const done = expectDatabaseRequest();
        setImmediate(() => {
          const batch = this.#pending;
          this.#pending = [];
          void this.#send(batch).finally(done);
        });
      }
      this.#pending.push({ asked, resolve, reject });
    });
  }

  async #send(batch: Pending[]): Promise<void> {
    const { now, ip = "", userAgent = "" } = this.#context;
    try {
      if (this.#tokenHash === null) refuse("signed_out");
      const all = batch.map(({ asked }) => asked);
      const visitor: Visitor = [this.#tokenHash, now.toISOString(), this.commandId, ip, userAgent];
      const send = all.some(({ statements }) => statements !== undefined) ? sendStatements : sendValues;
      const { entered, results } = await send(this.#databases, visitor, all);
      if (entered === null) refuse("signed_out");
      const actor = (this.#known = readActor(entered));
      for (const [index, part] of batch.entries()) part.resolve({ actor, results: results[index] ?? [] });
    } catch (error) {
      const mapped = mapDatabaseError(error);
      for (const part of batch) part.reject(mapped);
    }
  }
}

/** Who wants to enter, and from where: what app.enter and app.try_enter are given. */
type Visitor = [tokenHash: string, moment: string, commandId: string, ip: string, userAgent: string];

type Answers = {
  entered: Entered;
  /** Of each part, what it asked for. */
  results: unknown[][];
};

/** As drizzle/0013_actors.sql makes it; tests/db/scope.test.ts holds the two together. Null for nobody. */
type Entered = Record<string, unknown> | null;

async function sendStatements(
  databases: AppDatabases,
  visitor: Visitor,
  all: readonly Asked[],
): Promise<Answers> {
  const db = databases.readCommitted;
  const parts = all.map(({ statements, value }) =>
    value === undefined
      ? (statements ?? [])
      : [{ name: value.name, statement: db.execute(callStatement(value.call, value.etag)) }],
  );
  const [tokenHash, moment, commandId, ip, userAgent] = visitor;
  const enter = db.execute(
    sql`select app.enter(${tokenHash}, ${moment}, ${commandId}, ${ip}, ${userAgent}) as answer`,
  );
  const [entered, ...results] = await sendBatch(
    all.some(({ serializable }) => serializable === true) ? databases.serializable : db,
    [{ name: "app.enter", statement: enter }, ...parts.flat()],
  );
  return {
    entered: readAnswer(firstRow(entered))[0] as Entered,
    results: all.map(({ value }, index) => {
      const own = results.splice(0, parts[index]?.length);
      return value === undefined ? own : readAnswer(firstRow(own[0])).slice(1);
    }),
  };
}

/** Whoever is not signed in gets null, and no error, which at Neon would cost a connection that goes on to others. */
async function sendValues(
  databases: AppDatabases,
  visitor: Visitor,
  all: readonly Asked[],
): Promise<Answers> {
  const calls = all.flatMap(({ value }) => value ?? []);
  const params: string[] = [...visitor];
  let answer = "app.try_enter($1, $2, $3, $4, $5)";
  let name = "app.enter";
  for (const one of calls) {
    answer = writeCall(one, answer, params);
    name += ` ${one.name}`;
  }
  const text = `select ${answer} as answer`;
  const [entered, ...values] = readAnswer(
    await sendStatement(databases.readCommitted, name, { text, params }),
  );
  return {
    entered: entered as Entered,
    results: all.map(({ value }) => (value === undefined ? [] : values.splice(0, 1))),
  };
}

/** The values of a text of them, in order; of null, null alone. */
function readAnswer({ answer }: Record<string, unknown>): unknown[] {
  return JSON.parse(`[${answer as string | null}]`) as unknown[];
}

/** Its SQL; what it has of parameters is added to those there are. */
function writeCall({ call, etag }: NamedCall, before: string, params: string[]): string {
  const values = argumentsOf(call, etag).map((value) =>
    typeof value === "number" ? String(value) : `$${params.push(value)}`,
  );
  return `app.${call.function}(${[before, ...values].join(", ")})`;
}

/** The call as a statement of its own, with nothing before it. */
export function callStatement(call: Call, etag?: string): SQL {
  const values = argumentsOf(call, etag).map((value) =>
    typeof value === "number" ? sql.raw(`, ${value}`) : sql`, ${value}`,
  );
  return sql`select ${sql.raw(`app.${call.function}`)}('null'${sql.join(values)}) as answer`;
}

function argumentsOf(call: Call, etag = ""): (number | string)[] {
  return [...(call.arguments ?? []), ...(call.hasEtag === true ? [etag] : [])];
}

function readActor(entered: NonNullable<Entered>): Actor {
  return {
    userId: entered.user_id,
    sessionId: entered.session_id,
    email: entered.email,
    name: entered.name,
    preferences: entered.preferences,
    timeZone: entered.time_zone,
    personalOrganizationId: entered.personal_organization_id,
    organizations: entered.organizations,
    today: entered.today,
    localTime: entered.local_time,
  } as Actor;
}
