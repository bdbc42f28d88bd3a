import { REQUEST_BYTES_MAX } from "./db/limits";

/** Whether a request says that its body is larger than Cairn reads. Those that do not say are measured while read. */
export function isTooLarge(headers: Headers): boolean {
  return Number(headers.get("content-length") ?? 0) > REQUEST_BYTES_MAX;
}
