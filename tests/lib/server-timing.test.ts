import { Agent, createServer, request, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectDatabaseRequest, noteDatabaseRequest, watchResponses } from "@/lib/server-timing";

/** Makes the database requests of its path, "/20,5" is two, waiting as many milliseconds for each. */
let server: Server;
let port: number;

beforeAll(async () => {
  watchResponses();
  server = createServer((incoming, outgoing) => {
    void (async () => {
      const waits = (incoming.url ?? "/").slice(1).split(",").filter(Boolean).map(Number);
      const done = incoming.headers["x-expected"] ? expectDatabaseRequest() : () => {};
      if (incoming.headers["x-early"]) {
        outgoing.flushHeaders();
        outgoing.write("first, ");
      }
      for (const ms of waits) {
        await new Promise((resolve) => setTimeout(resolve, ms));
        noteDatabaseRequest(ms);
      }
      if (incoming.headers["x-early"]) outgoing.write("second, ");
      if (incoming.headers["x-ended"]) outgoing.end("last");
      done();
      if (!incoming.headers["x-ended"]) outgoing.end("last");
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

type Answer = { timing: string | string[] | undefined; body: string };

function ask(path: string, headers = {}, agent = new Agent()): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ port, path, agent, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.once("end", () => resolve({ timing: response.headers["server-timing"], body }));
    })
      .once("error", reject)
      .end();
  });
}

const timingOf = async (path: string, agent?: Agent) => (await ask(path, {}, agent)).timing;

describe("Server-Timing", () => {
  it("tells each answer's own database requests, of many at once", async () => {
    const paths = Array.from({ length: 40 }, (_, index) =>
      Array.from({ length: 1 + (index % 3) }, (__, step) => ((index * 7 + step * 3) % 20) + 1).join(","),
    );
    const told = await Promise.all(paths.map((path) => timingOf(`/${path}`)));
    expect(told).toEqual(
      paths.map((path) => {
        const waits = path.split(",").map(Number);
        const requests = waits.length === 1 ? "1 request" : `${waits.length} requests`;
        return `db;desc="${requests}";dur=${waits.reduce((sum, ms) => sum + ms, 0).toFixed(1)}`;
      }),
    );
  });

  it("begins anew for each answer on a connection that is kept", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const told = await Promise.all(["/1,1", "/", "/5"].map((path) => timingOf(path, agent)));
    expect(told).toEqual(['db;desc="2 requests";dur=2.0', undefined, 'db;desc="1 request";dur=5.0']);
    agent.destroy();
  });

  it("keeps back what is written before the database has answered, and loses none of it", async () => {
    const headers = { "x-expected": "1", "x-early": "1" };
    const whole = { timing: 'db;desc="1 request";dur=3.0', body: "first, second, last" };
    expect(await ask("/3", headers)).toEqual(whole);
    expect(await ask("/3", { ...headers, "x-ended": "1" })).toEqual(whole);
    expect(await ask("/", headers)).toEqual({ timing: undefined, body: "first, second, last" });
  });

  it("leaves an answer alone whose first byte is sent, and work that is for no answer", async () => {
    expect(await ask("/3", { "x-early": "1" })).toEqual({ timing: undefined, body: "first, second, last" });
    expect(() => {
      expectDatabaseRequest()();
      noteDatabaseRequest(1);
    }).not.toThrow();
  });
});
