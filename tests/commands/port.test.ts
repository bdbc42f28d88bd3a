import { type Server, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { claimPort } from "@/scripts/commands/port";

const servers: Server[] = [];
/** Many containers have none. */
const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);

function listen(host: string, port = 0): Promise<number> {
  const server = createServer().listen({ host, port });
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

const closeAll = () =>
  Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));

afterEach(closeAll);

describe("claiming the port", () => {
  it("accepts a port that nobody listens on", async () => {
    const port = await listen("127.0.0.1");
    await closeAll();
    await expect(claimPort("127.0.0.1", port, 0)).resolves.toBeUndefined();
  });

  it.each(["127.0.0.1", "0.0.0.0", ...(hasIpv6 ? ["::1", "::"] : [])])(
    "refuses a port that is taken at %s",
    async (host) => {
      const port = await listen(host);
      await expect(claimPort("127.0.0.1", port, 0)).rejects.toThrow(
        `Port ${port} is already in use by another program: stop that one, or choose another port with --port ${port + 1}.`,
      );
    },
  );

  it("waits for a port that is just being given back", async () => {
    const port = await listen("127.0.0.1");
    const claimed = claimPort("127.0.0.1", port, 5000);
    setTimeout(() => void closeAll(), 300);
    await expect(claimed).resolves.toBeUndefined();
  });

  it("says so when the address is not this machine's", async () => {
    const port = await listen("127.0.0.1");
    await closeAll();
    // An address of the range for documentation (RFC 5737): nobody has it.
    await expect(claimPort("192.0.2.1", port, 0)).rejects.toThrow("This machine has no address 192.0.2.1");
  });
});
