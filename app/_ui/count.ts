import { COUNT_MAX } from "@/lib/db/limits";

/** A count as people read it: "12", "1,000+" from where counting stops. */
export function countText(count: number): string {
  return count < COUNT_MAX ? String(count) : `${COUNT_MAX.toLocaleString("en")}+`;
}
