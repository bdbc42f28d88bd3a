import type { Random } from "../random";

/** A UUIDv7 of an instant (milliseconds), made of three random numbers: there are millions of them to make. */
export function idAt(random: Random, instant: number): string {
  const time = hex(instant, 12);
  const a = hex(random.next() * 0x1000, 3);
  const b = hex(0x8000 + random.next() * 0x4000, 4);
  const c = hex(random.next() * 0x1000000, 6);
  const d = hex(random.next() * 0x1000000, 6);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-${b}-${c}${d}`;
}

function hex(value: number, digits: number): string {
  return Math.floor(value).toString(16).padStart(digits, "0");
}
