// Loaded into a web server by NODE_OPTIONS: tells on a port of its own how much CPU time the process has used.
import { createServer } from "node:http";

createServer((_request, response) => response.end(JSON.stringify(process.cpuUsage())))
  // Whatever the server's process starts is loaded with this too, and finds the port taken.
  .on("error", () => {})
  .listen(Number(process.env.CAIRN_CPU_PROBE_PORT), "127.0.0.1")
  .unref();
