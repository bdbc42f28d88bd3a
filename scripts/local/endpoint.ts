import { randomUUID } from "node:crypto";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { execute } from "./endpoint/execute";
import {
  CancelledError,
  type Failure,
  ProxyError,
  describeConnectFailure,
  describeFailure,
} from "./endpoint/failure";
import { ConnectionPool, type Lease } from "./endpoint/pool";
import {
  type Credentials,
  type RequestOptions,
  parseCredentials,
  parseOptions,
  parsePayload,
  readBody,
} from "./endpoint/request";
import { LocalDatabaseError } from "./local-database-error";

export type EndpointLimits = {
  /** Larger requests get 413. */
  maxRequestBytes: number;
  /** Larger answers get 507. */
  maxResponseBytes: number;
  /** Connections to PostgreSQL kept open between requests. */
  maxIdleConnections: number;
  /** Connections to PostgreSQL at all; further requests wait. */
  maxConnections: number;
  idleTimeoutMs: number;
  connectTimeoutMs: number;
};

/** 64 MB each way is what Neon's service documents; the pool is the public proxy's. */
export const defaultLimits: EndpointLimits = {
  maxRequestBytes: 64 * 1024 * 1024,
  maxResponseBytes: 64 * 1024 * 1024,
  maxIdleConnections: 20,
  maxConnections: 100,
  idleTimeoutMs: 5 * 60 * 1000,
  connectTimeoutMs: 10_000,
};

export type EndpointOptions = {
  pgHost: string;
  pgPort: number;
  /** Must be free; without it the system chooses one. */
  port?: number | undefined;
  limits?: Partial<EndpointLimits> | undefined;
};

export type Endpoint = {
  /** For NEON_HTTP_ENDPOINT and neonConfig.fetchEndpoint: http://127.0.0.1:PORT/sql */
  url: string;
  port: number;
  /** Ends what is under way and closes every connection. */
  stop(): Promise<void>;
};

/**
 * Starts an HTTP server on 127.0.0.1 that speaks Neon's SQL-over-HTTP protocol in front of a PostgreSQL server, as
 * the proxy in neondatabase/neon does: POST /sql with one statement or a batch.
 *
 * @throws LocalDatabaseError when the port is in use
 */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const limits = { ...defaultLimits, ...options.limits };
  const pool = new ConnectionPool({
    host: options.pgHost,
    port: options.pgPort,
    maxIdle: limits.maxIdleConnections,
    maxOpen: limits.maxConnections,
    idleTimeoutMs: limits.idleTimeoutMs,
    connectTimeoutMs: limits.connectTimeoutMs,
  });
  // Clients keep connections for minutes; one closed by us at the moment of their next request would fail it.
  const server = createServer({ keepAliveTimeout: 10 * 60 * 1000 }, (request, response) => {
    void handle(request, response, pool, limits);
  });
  server.on("upgrade", (request, socket) => {
    // WebSockets are the one part of the proxy that is not here: nothing in Cairn speaks over them.
    const body = JSON.stringify("query is not supported");
    socket.end(
      `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n` +
        `neon-request-id: ${randomUUID()}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}/sql`,
    port,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await pool.stop();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const code = "code" in error ? error.code : undefined;
      const reason =
        code === "EADDRINUSE"
          ? "is already in use by another program; choose another"
          : code === "EACCES"
            ? "is reserved for root; choose one from 1024 on"
            : `cannot be used: ${error.message}`;
      reject(new LocalDatabaseError(`Port ${port} for the database endpoint ${reason}.`));
    });
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      if (typeof address === "object" && address !== null) resolve(address.port);
    });
  });
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  pool: ConnectionPool,
  limits: EndpointLimits,
): Promise<void> {
  response.setHeader("neon-request-id", randomUUID());
  const path = request.url?.split("?")[0];
  if (path === "/sql" && request.method === "POST") {
    response.setHeader("access-control-allow-origin", "*");
    await handleSql(request, response, pool, limits);
  } else if (path === "/sql" && request.method === "OPTIONS") {
    request.resume();
    response.writeHead(200, preflightHeaders).end();
  } else {
    request.resume();
    sendJson(response, 400, JSON.stringify("query is not supported"));
  }
}

const preflightHeaders = {
  Allow: "OPTIONS, POST",
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers":
    "Authorization, Neon-Connection-String, Neon-Raw-Text-Output, Neon-Array-Mode, Neon-Pool-Opt-In, Neon-Batch-Read-Only, Neon-Batch-Isolation-Level",
  "Access-Control-Max-Age": "86400",
};

async function handleSql(
  request: IncomingMessage,
  response: ServerResponse,
  pool: ConnectionPool,
  limits: EndpointLimits,
): Promise<void> {
  const abort = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) abort.abort();
  });
  try {
    const credentials = parseCredentials(request.headers);
    const options = parseOptions(request.headers);
    const payload = parsePayload(await readBody(request, limits.maxRequestBytes));
    const lease = await connect(pool, credentials);
    if (abort.signal.aborted) {
      lease.release("I");
      throw new CancelledError("query was cancelled while connecting");
    }
    const json = await execute(lease, payload, options, limits.maxResponseBytes, abort.signal);
    if (payload.kind === "batch") echoBatchHeaders(response, options);
    sendJson(response, 200, json);
  } catch (error) {
    const { status, body } = error instanceof ConnectFailure ? error.failure : describeFailure(error);
    if (!request.complete) drain(request, response);
    sendJson(response, status, JSON.stringify(body));
  }
}

/** Opening a connection has its own statuses and wordings. */
class ConnectFailure extends Error {
  constructor(readonly failure: Failure) {
    super();
  }
}

async function connect(pool: ConnectionPool, credentials: Credentials): Promise<Lease> {
  try {
    return await pool.acquire(credentials);
  } catch (error) {
    throw error instanceof ProxyError
      ? error
      : new ConnectFailure(describeConnectFailure(error, credentials.user));
  }
}

function echoBatchHeaders(response: ServerResponse, options: RequestOptions): void {
  if (options.isolationLevel !== null)
    response.setHeader("neon-batch-isolation-level", options.isolationLevel);
  if (options.readOnly) response.setHeader("neon-batch-read-only", "true");
  if (options.deferrable) response.setHeader("neon-batch-deferrable", "true");
}

/** A client that is still sending reads no answer: take the rest of its body for a while, and keep nothing of it. */
function drain(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("connection", "close");
  request.resume();
  const timer = setTimeout(() => request.destroy(), 10_000);
  timer.unref();
  request.once("close", () => clearTimeout(timer));
}

function sendJson(response: ServerResponse, status: number, json: string): void {
  if (response.destroyed) return;
  const body = Buffer.from(json, "utf8");
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}
