import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";

/**
 * Tells the browser, in the header Server-Timing of every answer, how many database requests were made for it and how
 * long they took. A server component cannot set a header, but the answer is open while it renders; and since pages show
 * nothing before their one request is over, their first byte can wait for it.
 */

type Exchange = { response: ServerResponse; requests: number; ms: number; expected: number; release(): void };

// Next bundles instrumentation.ts apart from the pages, so this module can be there twice; the storage must not.
const key = Symbol.for("cairn.exchange");
const shared = globalThis as { [key]?: AsyncLocalStorage<Exchange> };
const exchanges = (shared[key] ??= new AsyncLocalStorage<Exchange>());

/** Makes every request of this process's HTTP servers known to what runs for it. Call once, before they serve. */
export function watchResponses(): void {
  // Node publishes it just before it hands the request to the server's listeners, in the context that they run in.
  subscribe("http.server.request.start", (message) => {
    const { response } = message as { response: ServerResponse };
    exchanges.enterWith({ response, requests: 0, ms: 0, expected: 0, release() {} });
  });
}

/**
 * Says that the answer being made needs the database, and keeps its first byte back until the function that this gives
 * is called. What React sends of a navigation begins at once, with what the page does not wait for.
 */
export function expectDatabaseRequest(): () => void {
  const exchange = exchanges.getStore();
  if (exchange === undefined || exchange.response.headersSent) return () => {};
  if (exchange.expected === 0) exchange.release = holdBack(exchange.response);
  exchange.expected += 1;
  return () => {
    exchange.expected -= 1;
    if (exchange.expected === 0) exchange.release();
  };
}

/** What sends something, as functions that are called with the response as `this`. */
type Sending = Record<"write" | "end" | "flushHeaders", (...parts: never[]) => unknown>;

/** Has what is sent wait for the function that this gives. */
function holdBack(response: ServerResponse): () => void {
  const { write, end, flushHeaders } = response as Sending;
  const held: (() => unknown)[] = [];
  const later =
    (send: Sending["write"], answer: unknown) =>
    (...parts: never[]) => {
      held.push(() => send.apply(response, parts));
      return answer;
    };
  Object.assign(response, {
    write: later(write, true),
    end: later(end, response),
    flushHeaders: later(flushHeaders, undefined),
  });
  return () => {
    Object.assign(response, { write, end, flushHeaders });
    for (const send of held) send();
  };
}

/** Counts a database request for the answer that is being made, if one is. */
export function noteDatabaseRequest(ms: number): void {
  const exchange = exchanges.getStore();
  if (exchange === undefined) return;
  exchange.requests += 1;
  exchange.ms += ms;
  const { response, requests } = exchange;
  if (response.headersSent) return;
  const description = requests === 1 ? "1 request" : `${requests} requests`;
  response.setHeader("server-timing", `db;desc="${description}";dur=${exchange.ms.toFixed(1)}`);
}
