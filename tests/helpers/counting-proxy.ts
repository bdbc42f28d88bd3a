import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  createServer,
  request as sendRequest,
} from "node:http";

/** One request that the endpoint got. */
export type CountedRequest = {
  method: string;
  headers: IncomingHttpHeaders;
  /** The decoded body; the text itself where it is no JSON. */
  body: unknown;
  /** What the endpoint answered; absent before it did, and when it never saw the request. */
  status?: number;
};

/** What happens to a request instead of simply passing on: see `setFault`. */
export type Fault =
  | { kind: "lose-request" } // The endpoint never sees it; the client's connection breaks.
  | { kind: "lose-response" } // The endpoint answers; the client's connection breaks.
  | { kind: "status"; status: number; body: string } // The endpoint never sees it; the client gets this.
  | { kind: "delay"; ms: number } // Passed on later.
  // A batch with one more statement, before the one of this number.
  | { kind: "insert-statement"; at: number; query: string };

export type CountingProxy = {
  /** For NEON_HTTP_ENDPOINT, instead of the endpoint's own. */
  url: string;
  /** In the order of arrival. */
  requests: readonly CountedRequest[];
  /** Forgets the requests counted so far. */
  reset: () => void;
  /** Asked for each request; null passes it on. */
  setFault: (choose: ((request: CountedRequest, index: number) => Fault | null) | null) => void;
  stop: () => Promise<void>;
};

/** Starts an HTTP server that passes everything on to the endpoint and counts it. */
export async function startCountingProxy(endpoint: string): Promise<CountingProxy> {
  const target = new URL(endpoint);
  const requests: CountedRequest[] = [];
  let chooseFault: ((request: CountedRequest, index: number) => Fault | null) | null = null;

  const server = createServer({ keepAliveTimeout: 10 * 60 * 1000 }, (incoming, outgoing) => {
    void (async () => {
      const bytes = await readAll(incoming);
      const counted: CountedRequest = {
        method: incoming.method ?? "",
        headers: incoming.headers,
        body: decode(bytes),
      };
      const fault = chooseFault?.(counted, requests.length) ?? null;
      requests.push(counted);
      if (fault?.kind === "lose-request") {
        incoming.socket.destroy();
        return;
      }
      if (fault?.kind === "status") {
        outgoing.writeHead(fault.status, { "content-type": "application/json" }).end(fault.body);
        return;
      }
      if (fault?.kind === "delay") await new Promise((resolve) => setTimeout(resolve, fault.ms));

      const { method } = incoming;
      const sent = fault?.kind === "insert-statement" ? insertStatement(counted.body, fault) : bytes;
      const headers = { ...incoming.headers, "content-length": String(sent.length) };
      const forward = sendRequest(new URL(incoming.url ?? "/", target), { method, headers });
      forward.once("response", (answer) => {
        void readAll(answer).then((body) => {
          if (answer.statusCode !== undefined) counted.status = answer.statusCode;
          if (fault?.kind === "lose-response") return incoming.socket.destroy();
          return outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(body);
        });
      });
      forward.once("error", () => incoming.socket.destroy());
      outgoing.once("close", () => forward.destroy());
      forward.end(sent);
    })();
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address === "object" && address !== null) resolve(address.port);
    });
  });
  return {
    url: `http://127.0.0.1:${port}${target.pathname}`,
    requests,
    reset: () => void requests.splice(0),
    setFault: (choose) => (chooseFault = choose),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function insertStatement(body: unknown, { at, query }: { at: number; query: string }): Buffer {
  const queries: unknown = Reflect.get(Object(body), "queries");
  if (!Array.isArray(queries)) throw new Error("Only a batch takes one more statement.");
  return Buffer.from(JSON.stringify({ queries: queries.toSpliced(at, 0, { query, params: [] }) }));
}

function decode(bytes: Buffer): unknown {
  const text = bytes.toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
