import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type CountingProxy, startCountingProxy } from "../helpers/counting-proxy";
import { type ProxyControl, startProxyControl } from "../helpers/proxy-control";

let proxy: CountingProxy;
let control: ProxyControl;
beforeAll(async () => {
  proxy = await startCountingProxy(inject("server").endpoint);
  control = await startProxyControl(proxy);
});
afterAll(async () => {
  await control.stop();
  await proxy.stop();
});

const ask = (text: string) =>
  fetch(proxy.url, {
    method: "POST",
    headers: { "neon-connection-string": inject("server").ownerUrl },
    body: JSON.stringify({ query: "select $1", params: [text] }),
  });

async function count(containing: string): Promise<unknown> {
  return (await fetch(`${control.url}/requests?containing=${encodeURIComponent(containing)}`)).json();
}

describe("the control of the counting proxy", () => {
  it("counts the requests of one session among those of others", async () => {
    await Promise.all([ask("anna"), ask("bruno"), ask("anna")]);
    expect(await count("anna")).toEqual({ count: 2 });
    expect(await count("bruno")).toEqual({ count: 1 });
    expect(await count("carla")).toEqual({ count: 0 });
  });

  it("sends a fault to one session and spares the others, until it is taken back", async () => {
    const order = { containing: "dora", fault: { kind: "status", status: 503, body: "{}" } };
    await fetch(`${control.url}/faults`, { method: "PUT", body: JSON.stringify(order) });
    expect((await ask("dora")).status).toBe(503);
    expect((await ask("emil")).status).toBe(200);
    await fetch(`${control.url}/faults?containing=dora`, { method: "DELETE" });
    expect((await ask("dora")).status).toBe(200);
  });

  it("says what is wrong with an order", async () => {
    const answer = await fetch(`${control.url}/faults`, {
      method: "PUT",
      body: `{"fault": {"kind": "explode"}}`,
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("containing");
  });
});
