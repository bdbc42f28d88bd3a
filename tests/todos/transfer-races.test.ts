import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deleteTodo, transferTodo } from "@/lib/todos/repository";
import { atOnce } from "../helpers/gate";
import { createPerson, type Person } from "../helpers/people";
import { createTeam, handsOf } from "./team";
import { twoPeople } from "./world";

const world = twoPeople();
const ROUNDS = 50;
const MEETINGS = 10;
let system: Client;

beforeAll(async () => {
  // Cairn itself, beside the requests.
  system = new Client({ connectionString: world.database.unpooledUrl });
  await system.connect();
});
afterAll(() => system.end());

type Ground = { id: string; organizationId: string; taker: Person; other: Person };

/** A todo of Mia's in a team with two more people. */
async function ground(): Promise<Ground> {
  const [taker, other] = [await createPerson(world.database), await createPerson(world.database)];
  const team = await createTeam(world, world.mia, taker, other);
  return { id: await team.write(world.mia), organizationId: team.organizationId, taker, other };
}

const lockTodo = ({ id }: Ground) => ({ lock: "select from todos where id = $1 for update", params: [id] });
const lockTaker = ({ taker }: Ground) => ({
  lock: "select from users where id = $1 for update",
  params: [taker.userId],
});
const lockMembership = ({ taker, organizationId }: Ground) => ({
  lock: "select from memberships where user_id = $1 and organization_id = $2 for update",
  params: [taker.userId, organizationId],
});

const move = ({ id }: Ground, { userId }: Person) => transferTodo(world.mia.scope(), { id, userId });

/**
 * Runs a transfer and a rival of it many times: side by side as the machine has it, and, fewer times, both let go from
 * one lock, also when the rival was done while the transfer stood there.
 */
async function race<Rival>(
  lock: (ground: Ground) => { lock: string; params: unknown[] },
  rival: (ground: Ground) => Promise<Rival>,
  judge: (ground: Ground, moved: Awaited<ReturnType<typeof move>>, rival: Rival) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < ROUNDS + MEETINGS; round += 1) {
    const here = await ground();
    const start = () => Promise.all([move(here, here.taker), rival(here)]);
    const [moved, answer] = await (round < ROUNDS
      ? start()
      : atOnce(world.database, { ...lock(here), waiting: 2, start }));
    await judge(here, moved, answer);
  }
}

/** Whose it is now, and that the log has both rows of each change of hands, or none. */
async function ownerOf({ id }: Ground): Promise<string | undefined> {
  const [row] = await world.database.sql<{ user_id: string }>("select user_id from todos where id = $1", [
    id,
  ]);
  const isMoved = row?.user_id !== world.mia.userId;
  expect((await handsOf(world, id)).map(({ action, user_id }) => [action, user_id])).toEqual(
    isMoved
      ? [
          ["transfer", world.mia.userId],
          ["receive", row?.user_id],
        ]
      : [],
  );
  return row?.user_id;
}

describe("a transfer that meets", { timeout: 120_000 }, () => {
  it("the suspension of who gets it has happened before it, or not at all", async () => {
    await race(
      lockTaker,
      ({ taker }) => system.query("update users set status = 'suspended' where id = $1", [taker.userId]),
      async (here, moved) => {
        expect(await ownerOf(here)).toBe(moved.ok ? here.taker.userId : world.mia.userId);
        expect([true, "invalid"]).toContain(moved.ok || moved.code);
      },
    );
  });

  it("the departure of who gets it has happened before it, or not at all", async () => {
    await race(
      lockMembership,
      ({ taker, organizationId }) =>
        system.query("delete from memberships where user_id = $1 and organization_id = $2", [
          taker.userId,
          organizationId,
        ]),
      async (here, moved) => {
        expect(await ownerOf(here)).toBe(moved.ok ? here.taker.userId : world.mia.userId);
        expect([true, "invalid"]).toContain(moved.ok || moved.code);
      },
    );
  });

  it("the todo's deletion finds it, or is found by it", async () => {
    await race(
      lockTodo,
      ({ id }) => deleteTodo(world.mia.scope(), { id }),
      async (here, moved, deleted) => {
        expect(deleted).toMatchObject({ ok: true });
        expect(await ownerOf(here)).toBe(moved.ok ? here.taker.userId : world.mia.userId);
        expect([true, "not_found"]).toContain(moved.ok || moved.code);
      },
    );
  });

  it("another transfer leaves the todo with one of the two, and tells the other", async () => {
    await race(
      lockTodo,
      (here) => move(here, here.other),
      async (here, moved, other) => {
        expect([moved, other].filter(({ ok }) => ok)).toHaveLength(1);
        expect(await ownerOf(here)).toBe((moved.ok ? here.taker : here.other).userId);
        const lost = moved.ok ? other : moved;
        expect(lost).toMatchObject({
          code: "invalid",
          message: "This todo belongs to someone else; only they can hand it over.",
        });
      },
    );
  });

  it("itself once more happens once, and both say so", async () => {
    await race(
      lockTodo,
      (here) => move(here, here.taker),
      async (here, moved, again) => {
        expect([moved.ok, again.ok]).toEqual([true, true]);
        expect(await ownerOf(here)).toBe(here.taker.userId);
      },
    );
  });

  it.each([
    ["suspended", lockTaker, "update users set status = 'suspended' where id = $1", "invalid"],
    [
      "let go",
      lockMembership,
      "delete from memberships where user_id = $1 and organization_id = $2",
      "invalid",
    ],
    ["deleted", lockTodo, "update todos set deleted_at = now() where id = $1", "not_found"],
  ])("what was %s while it stood there does not happen", async (_what, lock, sql, code) => {
    const here = await ground();
    const { params } = lock(here);
    const moved = await atOnce(world.database, {
      ...lock(here),
      waiting: 1,
      meanwhile: { sql, params },
      start: () => move(here, here.taker),
    });
    expect(moved).toMatchObject({ ok: false, code });
    expect(await ownerOf(here)).toBe(world.mia.userId);
  });
});
