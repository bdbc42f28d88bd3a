import { createHmac } from "node:crypto";
import { isIPv6 } from "node:net";
import { inArray, sql } from "drizzle-orm";
import type { Database } from "../db/client";
import { rateLimits } from "../db/schema/rate-limits";

/** At most so many attempts in a window that begins with the first of them. */
export type Limit = { purpose: string; attempts: number; minutes: number };

export const SIGN_IN_PER_ACCOUNT: Limit = { purpose: "sign-in/account", attempts: 10, minutes: 15 };
/** Whole offices and schools share an address. */
export const SIGN_IN_PER_ADDRESS: Limit = { purpose: "sign-in/address", attempts: 100, minutes: 15 };
export const SIGN_UP_PER_ADDRESS: Limit = { purpose: "sign-up/address", attempts: 100, minutes: 60 };

/** A limit and the one it is counted for: an e-mail address as users.email has it, or `networkOf` an IP address. */
export type Attempt = { limit: Limit; key: string };

/** Names a counter. Keyed with the server's secret, so that the table tells nobody's address, even to who can guess. */
export function attemptOf(limit: Limit, whom: string, secret: string): Attempt {
  const key = createHmac("sha256", secret).update(`${limit.purpose}\0${whom}`).digest("hex");
  return { limit, key };
}

/**
 * Whom an IP address stands for: IPv4 itself; of IPv6 the /64 network, all of which one subscriber gets (RFC 6177).
 * Requests without an address share one counter.
 */
export function networkOf(ip: string | undefined): string {
  if (ip === undefined || !isIPv6(ip)) return ip ?? "";
  // URL gives the canonical form, in which IPv4 inside IPv6 is hexadecimal too. A zone ("%eth0") is no part of it.
  const canonical = new URL(`http://[${ip.replace(/%.*/, "")}]`).hostname.slice(1, -1);
  const [head = "", tail = ""] = canonical.split("::");
  const [left, right] = [head, tail].map((part) => (part === "" ? [] : part.split(":"))) as [
    string[],
    string[],
  ];
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
  const [a = "0", b = "0"] = groups.slice(6);
  if (groups.slice(0, 5).every((group) => group === "0") && groups[5] === "ffff") {
    return [a, b]
      .map((group) => Number.parseInt(group, 16))
      .flatMap((n) => [n >> 8, n & 255])
      .join(".");
  }
  return `${groups.slice(0, 4).join(":")}::/64`;
}

/**
 * Counts attempts, over the limit or not. Run it in a transaction of its own before what is limited, so that it
 * counts whatever becomes of that.
 */
export function countAttempts(db: Database, attempts: Attempt[]) {
  return db
    .insert(rateLimits)
    .values(
      attempts.map(({ limit, key }) => ({
        key,
        count: 1,
        windowEndsAt: sql`now() + make_interval(mins => ${limit.minutes})`,
      })),
    )
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: {
        count: sql`case when ${rateLimits.windowEndsAt} <= now() then 1 else ${rateLimits.count} + 1 end`,
        windowEndsAt: sql`case when ${rateLimits.windowEndsAt} <= now() then excluded.window_ends_at else ${rateLimits.windowEndsAt} end`,
      },
    })
    .returning({
      key: rateLimits.key,
      count: rateLimits.count,
      secondsLeft: sql<number>`extract(epoch from ${rateLimits.windowEndsAt} - now())`.mapWith(Number),
    });
}

/** Removes a few counters whose window is over, so that the table stays as small as what happens in a window. */
export function sweepAttempts(db: Database) {
  const over = db
    .select({ key: rateLimits.key })
    .from(rateLimits)
    .where(sql`${rateLimits.windowEndsAt} < now()`)
    .limit(20)
    .for("update", { skipLocked: true });
  return db.delete(rateLimits).where(inArray(rateLimits.key, over));
}

/** Whole minutes to wait until the next attempt; 0 when this one is within its limits. */
export function minutesToWait(
  attempts: Attempt[],
  counted: { key: string; count: number; secondsLeft: number }[],
): number {
  const seconds = attempts.map(({ limit, key }) => {
    const row = counted.find((candidate) => candidate.key === key);
    return row !== undefined && row.count > limit.attempts ? row.secondsLeft : 0;
  });
  return Math.ceil(Math.max(0, ...seconds) / 60);
}

/** "Too many attempts. Try again in 12 minutes." */
export function waitMessage(minutes: number): string {
  return `Too many attempts. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
}
