import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { z } from "zod";
import type { CountingProxy } from "./counting-proxy";

/**
 * Steers a counting proxy from another process, as the tests in the browser do. The site serves several tests at once,
 * so everything is about the requests that contain a text, such as one session's token hash.
 *
 *     GET    /requests?containing=TEXT                  how many there were, as {"count": n}
 *     PUT    /faults    {"containing": "TEXT", "fault": F}  from now on those requests meet the fault
 *     DELETE /faults?containing=TEXT                    no more
 */
export type ProxyControl = { url: string; stop: () => Promise<void> };

const FaultOrder = z.object({
  containing: z.string().min(1),
  fault: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("lose-request") }),
    z.object({ kind: z.literal("lose-response") }),
    z.object({ kind: z.literal("status"), status: z.int(), body: z.string() }),
    z.object({ kind: z.literal("delay"), ms: z.int() }),
  ]),
});

export async function startProxyControl(proxy: CountingProxy): Promise<ProxyControl> {
  const faults = new Map<string, z.infer<typeof FaultOrder>["fault"]>();
  proxy.setFault((request) => {
    const text = JSON.stringify(request.body);
    return [...faults].find(([containing]) => text.includes(containing))?.[1] ?? null;
  });

  const answer = async (request: IncomingMessage): Promise<{ status: number; body?: unknown }> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const containing = searchParams.get("containing") ?? "";
    switch (`${request.method} ${pathname}`) {
      case "GET /requests": {
        const matching = proxy.requests.filter(({ body }) => JSON.stringify(body).includes(containing));
        return { status: 200, body: { count: matching.length } };
      }
      case "PUT /faults": {
        const order = FaultOrder.parse(JSON.parse(await readText(request)));
        faults.set(order.containing, order.fault);
        return { status: 204 };
      }
      case "DELETE /faults":
        faults.delete(containing);
        return { status: 204 };
      default:
        return { status: 404 };
    }
  };
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, body } = await answer(request).catch((error: unknown) => ({
      status: 400,
      body: String(error),
    }));
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  const server = createServer((request, response) => void reply(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The control got no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
