import { request } from "node:http";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { post, proxyError, single } from "../helpers/endpoint-client";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function at(path: string): string {
  return new URL(path, database.endpoint).href;
}

describe("routing", () => {
  it.each([
    ["GET", "/sql"],
    ["PUT", "/sql"],
    ["POST", "/"],
    ["POST", "/sql/"],
    ["POST", "/SQL"],
    ["POST", "/v2"],
    ["OPTIONS", "/"],
  ])("answers %s %s with 400 and a JSON string", async (method, path) => {
    const response = await fetch(at(path), { method });
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("neon-request-id")).toMatch(uuid);
    expect(await response.text()).toBe('"query is not supported"');
  });

  it("takes a query string for no part of the path", async () => {
    const answer = await single({ ...database, endpoint: at("/sql?a=b") }, "select 1 as one");
    expect(answer.status).toBe(200);
  });

  it("answers the browser's preflight as the proxy does", async () => {
    const response = await fetch(database.endpoint, { method: "OPTIONS" });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      allow: "OPTIONS, POST",
      "access-control-allow-origin": "*",
      "access-control-allow-headers":
        "Authorization, Neon-Connection-String, Neon-Raw-Text-Output, Neon-Array-Mode, Neon-Pool-Opt-In, Neon-Batch-Read-Only, Neon-Batch-Isolation-Level",
      "access-control-max-age": "86400",
    });
    expect(response.headers.get("neon-request-id")).toMatch(uuid);
  });

  it("gives every answer its own id and lets every origin read it, also when it is an error", async () => {
    const answers = [
      await single(database, "select 1"),
      await single(database, "select 1/0"),
      await post(database, ""),
    ];
    for (const { headers } of answers) {
      expect(headers.get("neon-request-id")).toMatch(uuid);
      expect(headers.get("access-control-allow-origin")).toBe("*");
      expect(headers.get("content-type")).toBe("application/json");
    }
    expect(new Set(answers.map(({ headers }) => headers.get("neon-request-id"))).size).toBe(3);
  });

  it("ignores the content type of the request", async () => {
    const answer = await single(database, "select 1 as one", [], { "Content-Type": "application/sql" });
    expect(answer.status).toBe(200);
  });

  it("does not speak WebSocket, and says so", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const upgrade = request(at("/v2"), {
        headers: {
          Connection: "Upgrade",
          Upgrade: "websocket",
          "Sec-WebSocket-Version": "13",
          "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
      });
      upgrade.once("response", (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      upgrade.once("upgrade", () => reject(new Error("upgraded")));
      upgrade.once("error", reject);
      upgrade.end();
    });
    expect(status).toBe(400);
  });

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === "IPv4" && !address.internal)?.address;
  it.runIf(outside !== undefined)("cannot be reached from other computers", async () => {
    const url = new URL(database.endpoint);
    url.hostname = outside ?? "";
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });
});

describe("the request's body", () => {
  it.each([
    ["nothing", ""],
    ["no JSON", "select 1"],
    ["JSON that is cut off", '{"query":"select 1"'],
    ["a string", '"select 1"'],
    ["no statement", "{}"],
    ["a statement that is no string", '{"query":1}'],
    ["parameters that are null", '{"query":"select 1","params":null}'],
    ["parameters that are no list", '{"query":"select 1","params":{}}'],
    ["an array mode that is no boolean", '{"query":"select 1","arrayMode":"true"}'],
    ["a batch with something else in it", '{"queries":[{"query":"select 1"},"select 2"]}'],
    ["half of a surrogate pair", '{"query":"select $1","params":["\\ud83d"]}'],
    ["a number beyond all numbers", '{"query":"select $1","params":[1e999]}'],
    ["JSON without end", `{"query":"select $1","params":[${"[".repeat(500)}${"]".repeat(500)}]}`],
  ])("is refused when it holds %s", async (_, body) => {
    const answer = await post(database, body);
    expect(answer.status).toBe(400);
    expect(answer.error).toEqual(
      proxyError(expect.stringMatching(/^could not parse the HTTP request body: ./)),
    );
  });

  it("is refused when it is not UTF-8", async () => {
    const answer = await post(database, Buffer.from('{"query":"select \'\xff\'"}', "latin1"));
    expect(answer.status).toBe(400);
    expect(answer.error.message).toMatch(/^could not parse the HTTP request body: /);
  });

  it("may hold keys that mean nothing here", async () => {
    const answer = await post(database, '{"query":"select 1 as one","why":"because"}');
    expect(answer.result.rows).toEqual([{ one: 1 }]);
  });

  it("is one statement when it could also be a batch", async () => {
    const answer = await post(database, '{"queries":[{"query":"select 2"}],"query":"select 1 as one"}');
    expect(answer.result.rows).toEqual([{ one: 1 }]);
  });

  it("is a batch when its single statement is malformed", async () => {
    const answer = await post(database, '{"query":1,"queries":[{"query":"select 2 as two"}]}');
    expect(answer.results[0]?.rows).toEqual([{ two: 2 }]);
  });
});
