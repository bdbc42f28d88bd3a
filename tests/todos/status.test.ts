import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { cancelTodo, completeTodo, deleteTodo, reopenTodo, startTodo } from "@/lib/todos/repository";
import type { TodoStatus } from "@/lib/todos/types";
import { writeTodo } from "../helpers/rows";
import { create, done, everythingOf, notFound, twoPeople } from "./world";

const world = twoPeople();

/** A todo of Mia's in this status. */
function writeOne(status: TodoStatus): Promise<string> {
  const completedAt = status === "completed" ? new Date("2026-02-02T00:00:00Z") : null;
  return writeTodo(world.database, world.mia, { status, completedAt });
}

describe("the status", () => {
  const steps = { start: startTodo, complete: completeTodo, reopen: reopenTodo, cancel: cancelTodo };
  const targets = {
    start: "in_progress",
    complete: "completed",
    reopen: "pending",
    cancel: "cancelled",
  } as const;
  const legal: Record<keyof typeof steps, TodoStatus[]> = {
    start: ["pending"],
    complete: ["pending", "in_progress"],
    reopen: ["completed", "cancelled"],
    cancel: ["pending", "in_progress"],
  };
  const sentences = {
    start: "Only a pending todo can be started.",
    complete: "A cancelled todo cannot be completed. Reopen it first.",
    reopen: "Only a completed or cancelled todo can be reopened.",
    cancel: "A completed todo cannot be cancelled. Reopen it first.",
  };
  const statuses = ["pending", "in_progress", "completed", "cancelled"] as const;
  const cases = (["start", "complete", "reopen", "cancel"] as const).flatMap((name) =>
    statuses.map((from) => ({ name, from, to: targets[name], isLegal: legal[name].includes(from) })),
  );
  it.each(cases.filter((one) => one.isLegal))("goes from $from by $name to $to, once", async (step) => {
    const id = await writeOne(step.from);
    world.proxy.reset();
    const result = await steps[step.name](world.mia.scope(), { id });
    expect(world.proxy.requests).toHaveLength(1);
    expect(result).toMatchObject({ ok: true, data: { id, status: step.to, version: 2 } });
    expect((await done(Promise.resolve(result))).completedAt !== null).toBe(step.to === "completed");
    // Once more, for a reply that was lost.
    const after = await everythingOf(world, world.mia);
    expect(await steps[step.name](world.mia.scope(), { id })).toEqual(result);
    expect(await everythingOf(world, world.mia)).toEqual(after);
  });

  it.each(cases.filter((one) => one.from === one.to))("stays $to by $name", async ({ name, from }) => {
    const id = await writeOne(from);
    const before = await everythingOf(world, world.mia);
    expect(await steps[name](world.mia.scope(), { id })).toMatchObject({
      ok: true,
      data: { status: from, version: 1 },
    });
    expect(await everythingOf(world, world.mia)).toEqual(before);
  });

  it.each(cases.filter((one) => !one.isLegal && one.from !== one.to))(
    "does not go from $from by $name, and says why",
    async ({ name, from }) => {
      const id = await writeOne(from);
      const before = await everythingOf(world, world.mia);
      const result = await steps[name](world.mia.scope(), { id });
      expect(result).toEqual({ ok: false, code: "invalid", message: sentences[name] });
      expect(await everythingOf(world, world.mia)).toEqual(before);
    },
  );

  it("cannot change in the trash, for others, or for what is no id", async () => {
    const { id } = await create(world.mia, { title: "x" });
    await done(deleteTodo(world.mia.scope(), { id }));
    const before = [await everythingOf(world, world.mia), await everythingOf(world, world.noah)];
    for (const step of Object.values(steps)) {
      for (const wrong of [id, world.foreign, newId(), "x"]) {
        expect(await step(world.mia.scope(), { id: wrong })).toMatchObject(notFound);
      }
    }
    expect([await everythingOf(world, world.mia), await everythingOf(world, world.noah)]).toEqual(before);
  });

  it("is remembered once per change, by whom and in which request", async () => {
    const { id } = await create(world.mia, { title: "x" });
    const scope = world.mia.scope();
    await done(completeTodo(scope, { id }));
    await done(completeTodo(world.mia.scope(), { id }));
    const rows = await world.database.sql(
      "select user_id, command_id, changes -> 'status' as status from audit_logs where entity_id = $1 and action = 'complete'",
      [id],
    );
    expect(rows).toEqual([
      { user_id: world.mia.userId, command_id: scope.commandId, status: ["pending", "completed"] },
    ]);
  });
});
