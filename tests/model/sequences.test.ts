import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { bulkChangeInput } from "@/lib/todos/bulk-change-input";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { repositoryWrites } from "../helpers/repositories";
import { checkSequences } from "./check";
import { openLine, type Line } from "./line";
import { runSequence } from "./run";
import type { RowWish, Sequence } from "./steps";
import { Tally } from "./tally";
import { createWorld } from "./world";

const SEED = 20_261_120;
const SEQUENCES = 200;
/** That many at a time: a sequence mostly waits for its answers. */
const LANES = 4;

let database: TestDatabase;
let line: Line;
beforeAll(async () => {
  database = await createTestDatabase();
  line = await openLine(database);
});
afterAll(async () => {
  await line.stop();
  await database.drop();
});

const tally = new Tally();

it.concurrent.each(Array.from({ length: LANES }, (_, lane) => SEED + lane))(
  "whatever two people do in two tabs each, and whatever gets lost, the database holds what was acknowledged (seed %i)",
  { timeout: 300_000 },
  async (seed) => {
    expect(await checkSequences(line, { seed, sequences: SEQUENCES / LANES, tally })).toBeNull();
  },
);

it("meets every fault, repeats what was lost, and refuses what is stale", () => {
  const faults = ["refused connection", "lost before", "lost after commit", "delay", "40001", "dead backend"];
  const answers = ["acknowledged", "conflict", "invalid", "not_found"];
  const rare = [
    ...faults,
    ...answers,
    "repeats",
    "repeats taken back",
    "taken back twice",
    "overlaps",
  ].filter((what) => tally.of(what) < 10);
  expect(rare).toEqual([]);
  expect(tally.of("sequences")).toBe(SEQUENCES);
});

it("writes with every function of the repositories, and does with many todos whatever can be done", () => {
  const { options } = bulkChangeInput;
  const actions = options.flatMap(({ shape }) =>
    shape.action instanceof z.ZodEnum ? shape.action.options : [...shape.action.values],
  );
  const ways = [...actions, "by ids", "by filter", "of the trash"].map((way) => `todos.bulkTodos ${way}`);
  const imports = ["todos.bulkInsertTodos refuse", "todos.bulkInsertTodos skip"];
  const wanted = [...repositoryWrites, ...ways, ...imports];
  expect(wanted.filter((write) => tally.ofWrite(write, "ok") < 3)).toEqual([]);
  expect(tally.of("emptied trash")).toBeGreaterThan(0);
});

it("lets a team's history stand when somebody takes the id of what it deleted for ever", async () => {
  const rows = [0, 1, 2, 3].map((nth): RowWish => ({
    id: { whose: "team's", nth, apt: false },
    fields: {
      title: "milk",
      description: "",
      priority: 0,
      dueDate: null,
      dueTime: null,
      scheduledFor: null,
    },
    tags: [],
    status: "pending",
    completedAt: null,
  }));
  const sequence: Sequence = {
    role: "member",
    steps: [
      { kind: "a month later" },
      {
        kind: "one",
        act: { person: 0, tab: 0, wish: { do: "import", rows, onBadRow: "skip" }, faults: [] },
      },
      { kind: "look", person: 1, tab: 0 },
    ],
  };
  const world = await createWorld(line, sequence);
  await expect(runSequence(world, line, sequence, tally)).resolves.toBeUndefined();
  const { todos } = await world.look();
  const taken = Object.values(world.beginning.todos).filter(
    ({ id, organizationId }) =>
      organizationId === world.teamId && todos[id]?.organizationId === world.people[0].organizationId,
  );
  expect(taken).toHaveLength(2);
});
