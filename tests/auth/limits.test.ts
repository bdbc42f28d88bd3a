import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  attemptOf,
  countAttempts,
  minutesToWait,
  networkOf,
  sweepAttempts,
  waitMessage,
  type Attempt,
  type Limit,
} from "@/lib/auth/limits";
import { openWorld, type World } from "./world";

const limit: Limit = { purpose: "test", attempts: 3, minutes: 15 };
let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const attempt = (whom: string) => attemptOf(limit, whom, world.system.secret);
const wait = async (...attempts: Attempt[]) =>
  minutesToWait(attempts, await countAttempts(world.system.db, attempts));

describe("networkOf", () => {
  it.each([
    ["198.51.100.7", "198.51.100.7"],
    ["::ffff:198.51.100.7", "198.51.100.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:0DB8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["not an address", "not an address"],
    [undefined, ""],
  ])("takes %j for %j", (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});

describe("a limit", () => {
  it("lets its attempts through and then says how long to wait", async () => {
    const whom = attempt("ada");
    expect([await wait(whom), await wait(whom), await wait(whom)]).toEqual([0, 0, 0]);
    expect(await wait(whom)).toBe(15);
  });

  it("counts each one by themselves, and all at once", async () => {
    const [one, two] = [attempt("one"), attempt("two")];
    for (let turn = 0; turn < 3; turn += 1) await wait(one);
    expect(await wait(two)).toBe(0);
    expect(await wait(one, two)).toBe(15);
  });

  it("counts attempts that come at the same time one by one", async () => {
    const whom = attempt("a crowd");
    const waits = await Promise.all(Array.from({ length: 10 }, () => wait(whom)));
    expect(waits.filter((minutes) => minutes === 0)).toHaveLength(3);
  });

  it("begins anew when its window is over, and not before", async () => {
    const whom = attempt("patient");
    for (let turn = 0; turn < 4; turn += 1) await wait(whom);
    const move = (interval: string) =>
      world.database.sql("update rate_limits set window_ends_at = now() + $2::interval where key = $1", [
        whom.key,
        interval,
      ]);
    await move("61 seconds");
    expect(await wait(whom)).toBe(2);
    await move("-1 second");
    expect(await wait(whom)).toBe(0);
  });

  it("keeps no address that somebody could read or guess", async () => {
    await wait(attempt("grace@example.com"));
    const rows = await world.database.sql<{ key: string }>("select key from rate_limits");
    expect(rows.every(({ key }) => /^[0-9a-f]{64}$/.test(key))).toBe(true);
    expect(attempt("grace@example.com").key).not.toBe(
      attemptOf(limit, "grace@example.com", "another secret").key,
    );
  });

  it("is forgotten when its window is over", async () => {
    const [over, open] = [attempt("over"), attempt("open")];
    await wait(over, open);
    await world.database.sql(
      "update rate_limits set window_ends_at = now() - interval '1 s' where key = $1",
      [over.key],
    );
    await sweepAttempts(world.system.db);
    const rows = await world.database.sql("select key from rate_limits where key = any($1)", [
      [over.key, open.key],
    ]);
    expect(rows).toEqual([{ key: open.key }]);
  });

  it("says how long to wait in words", () => {
    expect([1, 2].map((minutes) => waitMessage(minutes))).toEqual([
      "Too many attempts. Try again in a minute.",
      "Too many attempts. Try again in 2 minutes.",
    ]);
  });
});
