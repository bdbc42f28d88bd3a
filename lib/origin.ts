import { siteOrigin } from "./env";

/** Whether an Origin header is our own: the configured origin, or, on a laptop, any of its loopback names. */
export function isOwnOrigin(origin: string | null, own: string = siteOrigin()): boolean {
  if (origin === null || !URL.canParse(origin)) return false;
  if (origin === own) return true;
  const [theirs, ours] = [new URL(origin), new URL(own)];
  return (
    isLoopback(theirs.hostname) &&
    isLoopback(ours.hostname) &&
    theirs.port === ours.port &&
    theirs.protocol === ours.protocol
  );
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}
