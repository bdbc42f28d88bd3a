import { Agent, request } from "node:http";

/** What a server did while it was asked as fast as it answers. */
export type Slice = { perSecond: number; cpuMsPerRequest: number };

/** A server that the probe was loaded into. */
export type Target = { url: string; probePort: number; headers: Record<string, string> };

const CONNECTIONS = 4;

/** Asks for a page on a few connections, again and again, for some time. */
export async function load({ url, probePort, headers }: Target, milliseconds: number): Promise<Slice> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const before = await cpuMs(probePort);
  const start = performance.now();
  const end = start + milliseconds;
  let answered = 0;
  async function ask(): Promise<void> {
    while (performance.now() < end) {
      await get(url, headers, agent);
      answered += 1;
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, ask));
  const seconds = (performance.now() - start) / 1000;
  const cpu = (await cpuMs(probePort)) - before;
  agent.destroy();
  return { perSecond: answered / seconds, cpuMsPerRequest: cpu / answered };
}

/** Milliseconds of CPU time, in user code and in the kernel, that the process has used so far. */
async function cpuMs(port: number): Promise<number> {
  const used = JSON.parse(await get(`http://127.0.0.1:${port}/`, {}, new Agent())) as NodeJS.CpuUsage;
  return (used.user + used.system) / 1000;
}

function get(url: string, headers: Record<string, string>, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, { headers, agent }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        // A redirect to sign-in is quick, and not what is to be measured.
        if (response.statusCode === 200) resolve(Buffer.concat(parts).toString());
        else reject(new Error(`${url} answered ${response.statusCode}.`));
      });
    })
      .on("error", reject)
      .end();
  });
}
