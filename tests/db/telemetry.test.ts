import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { sql, type SQL } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { checkCredentials } from "@/lib/auth/sign-in";
import { openAppDatabases, openSystemDatabase } from "@/lib/db/client";
import { createScope } from "@/lib/db/scope";
import { createTodo, getCounts, listTodos } from "@/lib/todos/repository";
import { startCountingProxy, type CountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";

/** What people write and what signs them in: nothing that is told of a request may hold it. */
const MARKER = "hush-9f2c";
const spans = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
let database: TestDatabase;
let proxy: CountingProxy;
let ada: Person;

beforeAll(async () => {
  provider.register();
  database = await createTestDatabase();
  proxy = await startCountingProxy(database.endpoint);
  ada = await createPerson(database, { name: MARKER });
});
afterAll(async () => {
  await provider.shutdown();
  trace.disable();
  await proxy.stop();
  await database.drop();
});
beforeEach(() => {
  spans.reset();
  proxy.setFault(null);
  proxy.reset();
});
afterEach(() => vi.restoreAllMocks());

/** A scope of Ada's whose requests are slow from so many milliseconds on. */
function open(slowAfter?: number) {
  const databases = openAppDatabases({
    databaseUrl: database.databaseUrl,
    endpoint: proxy.url,
    authSecret: database.authSecret,
    slowAfter,
  });
  return createScope({
    databases,
    tokenHash: ada.tokenHash,
    context: { now: new Date(), ip: MARKER, userAgent: MARKER },
  });
}

function told() {
  const described = spans.getFinishedSpans().map(({ name, kind, attributes, status, events, links }) => ({
    name,
    kind,
    attributes,
    status,
    events,
    links,
  }));
  return { spans: described, text: JSON.stringify(described) };
}

const undone = {
  kind: "status",
  status: 400,
  body: JSON.stringify({ code: "40001", message: MARKER, severity: "ERROR" }),
} as const;

describe("a database request's span", () => {
  it("tells the statements by name with their rows, the database, and how many were one batch", async () => {
    const scope = open();
    await Promise.all([
      listTodos(scope, { sort: "priority", query: { kind: "word", text: MARKER, prefix: false } }),
      getCounts(scope),
    ]);
    const url = new URL(database.databaseUrl);
    expect(told().spans).toEqual([
      {
        name: "app.enter todos.listTodos todos.getCounts",
        kind: SpanKind.CLIENT,
        attributes: {
          "db.system.name": "postgresql",
          "db.namespace": database.name,
          "db.query.summary": "app.enter todos.listTodos todos.getCounts",
          "db.operation.batch.size": 3,
          "db.response.returned_rows": 2,
          "server.address": url.hostname,
          "server.port": Number(url.port),
          "cairn.statement.names": ["app.enter", "todos.listTodos", "todos.getCounts"],
          "cairn.statement.rows": [1, 0, 1],
        },
        status: { code: SpanStatusCode.UNSET },
        events: [],
        links: [],
      },
    ]);
  });

  it("tells a statement that gives values alone by all that it gives, and as no batch", async () => {
    await getCounts(open());
    expect(told().spans).toMatchObject([
      {
        name: "app.enter todos.getCounts",
        attributes: {
          "db.query.summary": "app.enter todos.getCounts",
          "cairn.statement.names": ["app.enter todos.getCounts"],
          "cairn.statement.rows": [1],
        },
      },
    ]);
    expect(told().spans[0]?.attributes).not.toHaveProperty("db.operation.batch.size");
  });

  it("stands below the span that was active when it was asked for", async () => {
    const parent = await trace.getTracer("test").startActiveSpan("GET /todos", async (span) => {
      await getCounts(open());
      span.end();
      return span.spanContext();
    });
    const [span] = spans.getFinishedSpans();
    expect(span?.parentSpanContext?.spanId).toBe(parent.spanId);
    expect(span?.spanContext().traceId).toBe(parent.traceId);
  });

  it("is one for each request, also of those that are made again", async () => {
    proxy.setFault((_request, index) => (index < 2 ? undone : null));
    await open().actor();
    expect(proxy.requests).toHaveLength(3);
    expect(
      told().spans.map(({ attributes, status }) => [
        attributes["cairn.retries"],
        attributes["db.response.status_code"],
        status,
      ]),
    ).toEqual([
      [undefined, "40001", { code: SpanStatusCode.ERROR }],
      [1, "40001", { code: SpanStatusCode.ERROR }],
      [2, undefined, { code: SpanStatusCode.UNSET }],
    ]);
  });

  it("tells a broken connection by its kind", async () => {
    proxy.setFault(() => ({ kind: "lose-request" }));
    await expect(open().actor()).rejects.toThrow("unavailable");
    const [span] = told().spans;
    expect(span?.attributes["error.type"]).toBe("NeonDbError");
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
  });

  it("is there for what signing in asks too", async () => {
    const system = {
      db: openSystemDatabase({ databaseUrl: database.databaseUrl, endpoint: proxy.url }),
      secret: "x".repeat(32),
    };
    const input = { email: `${MARKER}@cairn.example`, password: MARKER };
    await checkCredentials(system, input, { now: new Date(), ip: "192.0.2.1" });
    expect(told().spans.map(({ name }) => name)).toEqual([
      "auth.checkCredentials.1 auth.checkCredentials.2 auth.checkCredentials.3",
    ]);
    expect(told().text).not.toContain(MARKER);
  });
});

describe("the slow-query line", () => {
  it("is one line of names, milliseconds, rows and retries", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    proxy.setFault((_request, index) => (index === 0 ? undone : { kind: "delay", ms: 60 }));
    await getCounts(open(50));
    expect(warn).toHaveBeenCalledTimes(1);
    const [line] = warn.mock.calls[0] ?? [];
    expect(JSON.parse(String(line))).toEqual({
      message: "slow database request",
      ms: expect.any(Number),
      retries: 1,
      names: ["app.enter todos.getCounts"],
      rows: [1],
    });
    expect(JSON.parse(String(line)).ms).toBeGreaterThanOrEqual(60);
  });

  it("tells the error's code of a request that failed slowly", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const scope = open(0);
    await expect(scope.run("test", [scope.db.execute(sql`select 1 / 0`)])).rejects.toThrow("invalid data");
    expect(JSON.parse(String(warn.mock.calls[0]?.[0]))).toMatchObject({ error: "22012" });
  });

  it("is not written of a request that is not slow", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    await getCounts(open(60_000));
    await getCounts(open());
    expect(warn).not.toHaveBeenCalled();
  });
});

/** Runs a statement that fails. */
function failing(statement: SQL) {
  const scope = open(0);
  return scope.run("test", [scope.db.execute(statement)]).catch(() => undefined);
}

it("nothing that is told of requests holds a parameter, SQL, or what an error quotes", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const works = [
    () => createTodo(open(0), { title: MARKER, description: MARKER, tags: [MARKER] }),
    () => listTodos(open(0), { query: { kind: "phrase", text: MARKER }, tags: { all: [MARKER] } }),
    // Errors that quote the value, and the row that broke a rule.
    () => failing(sql`select ${MARKER}::date`),
    () =>
      failing(
        sql`insert into tags (id, organization_id, name, colour) values (gen_random_uuid(), ${ada.organizationId}, 'x', ${MARKER})`,
      ),
  ];
  for (const work of works) await work();
  const text = told().text + JSON.stringify(warn.mock.calls);
  expect(told().spans).toHaveLength(works.length);
  expect(warn).toHaveBeenCalledTimes(works.length);
  // The proxy has seen them: they were sent.
  expect(JSON.stringify(proxy.requests.map(({ body }) => body))).toContain(MARKER);
  for (const secret of [MARKER, ada.tokenHash, ada.organizationId, "select", "insert", "values"]) {
    expect(text).not.toContain(secret);
  }
});
