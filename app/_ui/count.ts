import { COUNT_MAX } from "@/lib/db/limits";

/** A count as people read it: "12", "12+" when there may be `more`, "1,000+" from where counting stops. */
export function countText(count: number, more = false): string {
  if (count >= COUNT_MAX) return `${COUNT_MAX.toLocaleString("en")}+`;
  return more ? `${count}+` : String(count);
}
