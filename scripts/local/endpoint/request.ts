import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { ProxyError } from "./failure";
import { type Json, JsonNumber, parseJson } from "./json";
import { parameterText } from "./values";

export type Credentials = { user: string; password: string; database: string };

export type Query = { text: string; params: (string | null)[]; arrayMode: boolean | null };

export type Payload = { kind: "single"; query: Query } | { kind: "batch"; queries: Query[] };

export type IsolationLevel = keyof typeof isolationLevels;

const isolationLevels = {
  Serializable: "SERIALIZABLE",
  RepeatableRead: "REPEATABLE READ",
  ReadCommitted: "READ COMMITTED",
  ReadUncommitted: "READ UNCOMMITTED",
};

export type RequestOptions = {
  rawText: boolean;
  arrayMode: boolean;
  isolationLevel: IsolationLevel | null;
  readOnly: boolean;
  deferrable: boolean;
};

/**
 * Reads who asks, and for which database, from the Neon-Connection-String header. Its host and its query parameters
 * mean nothing here: there is one server, and the real proxy passes no settings on either.
 */
export function parseCredentials(headers: IncomingHttpHeaders): Credentials {
  const header = headers["neon-connection-string"];
  if (typeof header !== "string" || !/^[\x20-\x7e\t]*$/.test(header)) {
    throw new ProxyError(400, "invalid header: neon-connection-string");
  }
  let url: URL;
  try {
    url = new URL(header);
  } catch {
    const reason = /^[a-z][a-z0-9+.-]*:/i.test(header) ? "invalid URL" : "relative URL without a base";
    throw new ProxyError(400, `invalid connection string: ${reason}`);
  }
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:")
    throw new ProxyError(400, "incorrect scheme");
  const database = percentDecode(url.pathname.split("/")[1] ?? "");
  if (database === "") throw new ProxyError(400, "missing database name");
  const user = percentDecode(url.username);
  if (user === "") throw new ProxyError(400, "missing username");
  if (headers.authorization !== undefined || url.password === "") {
    throw new ProxyError(400, "missing authentication credentials: required password");
  }
  if (url.hostname === "") throw new ProxyError(400, "missing hostname");
  return { user, database, password: percentDecode(url.password) };
}

/** Unlike decodeURIComponent, a % that starts no code stands for itself. */
function percentDecode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) =>
    Buffer.from(codes.replaceAll("%", ""), "hex").toString("utf8"),
  );
}

export function parseOptions(headers: IncomingHttpHeaders): RequestOptions {
  const level = headers["neon-batch-isolation-level"];
  if (level !== undefined && !isIsolationLevel(level)) throw new ProxyError(400, "invalid isolation level");
  return {
    rawText: headers["neon-raw-text-output"] === "true",
    arrayMode: headers["neon-array-mode"] === "true",
    isolationLevel: level ?? null,
    readOnly: headers["neon-batch-read-only"] === "true",
    deferrable: headers["neon-batch-deferrable"] === "true",
  };
}

function isIsolationLevel(level: string | string[]): level is IsolationLevel {
  return typeof level === "string" && Object.hasOwn(isolationLevels, level);
}

/** The statement that begins a batch's transaction. */
export function startTransaction(options: RequestOptions): string {
  const modes = [
    options.isolationLevel === null ? null : `ISOLATION LEVEL ${isolationLevels[options.isolationLevel]}`,
    options.readOnly ? "READ ONLY" : null,
    options.deferrable ? "DEFERRABLE" : null,
  ].filter((mode) => mode !== null);
  return ["START TRANSACTION", modes.join(", ")].join(" ").trim();
}

/** Reads the body up to the limit. What a larger one still holds is left unread. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  // Errors are made when something failed only: their stack costs more than reading a body.
  const tooLarge = () => new ProxyError(413, `request is too large (max is ${maxBytes} bytes)`);
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.removeAllListeners("data");
        reject(tooLarge());
      } else {
        chunks.push(chunk);
      }
    });
    // A request that was read whole closes too.
    const cutOff = () => reject(bodyLost("connection closed"));
    request.once("close", cutOff);
    request.once("error", (error) => reject(bodyLost(error.message)));
    request.once("end", () => {
      request.off("close", cutOff);
      resolve(Buffer.concat(chunks, size));
    });
  });
}

function bodyLost(reason: string): ProxyError {
  return new ProxyError(400, `could not read the HTTP request body: ${reason}`);
}

/** Reads the statements of a request: one, or a batch of them. */
export function parsePayload(body: Buffer): Payload {
  let json: Json;
  try {
    json = parseJson(body);
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
  if (isObject(json)) {
    const query = readQuery(json);
    if (query !== null) return { kind: "single", query };
    const queries = Array.isArray(json.queries)
      ? json.queries.map((item) => (isObject(item) ? readQuery(item) : null))
      : null;
    if (queries?.every((item) => item !== null) === true) return { kind: "batch", queries };
  }
  throw unreadable("data did not match any variant of untagged enum Payload");
}

function readQuery(json: { [key: string]: Json }): Query | null {
  const { query: text, params = [], arrayMode = null } = json;
  if (typeof text !== "string" || !Array.isArray(params)) return null;
  if (arrayMode !== null && typeof arrayMode !== "boolean") return null;
  return { text, params: params.map(parameterText), arrayMode };
}

function isObject(json: Json | undefined): json is { [key: string]: Json } {
  return typeof json === "object" && json !== null && !Array.isArray(json) && !(json instanceof JsonNumber);
}

function unreadable(reason: string): ProxyError {
  return new ProxyError(400, `could not parse the HTTP request body: ${reason}`);
}
