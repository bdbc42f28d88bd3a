import fc from "fast-check";
import { expect, it } from "vitest";
import { undoCommand } from "@/lib/audit/repository";
import { newId } from "@/lib/db/id";
import type { Scope } from "@/lib/db/scope";
import { createTag, deleteTag, mergeTags, updateTag } from "@/lib/tags/repository";
import {
  bulkTodos,
  cancelTodo,
  completeTodo,
  createTodo,
  deleteTodo,
  reopenTodo,
  restoreTodo,
  startTodo,
  updateTodo,
} from "@/lib/todos/repository";
import { createPerson, type Person } from "../helpers/people";
import { done, twoPeople } from "../todos/world";
import { snapshot, undo, without, type Snapshot } from "./undo-world";

const world = twoPeople();
const SEED = 42;

const STEPS = { startTodo, completeTodo, reopenTodo, cancelTodo, deleteTodo, restoreTodo };
const NAMES = ["Home", "home", "Work", "Shop", "Äpfel"];
const LOOK = { colour: "#2f6b4f", icon: null };

const which = fc.nat({ max: 6 });
const tagList = fc.subarray(NAMES, { maxLength: 3 });
const fields = fc.record(
  {
    title: fc.constantFrom("Milk", "Bread", "Salt"),
    description: fc.constantFrom("", "Two of them"),
    dueDate: fc.constantFrom(null, "2030-01-01", "2031-05-06"),
    dueTime: fc.constantFrom(null, "08:30"),
    priority: fc.nat({ max: 5 }),
    scheduledFor: fc.constantFrom(null, "2030-02-02"),
    tags: tagList,
  },
  { requiredKeys: [] },
);

/** One thing that is done to many at once; moving days has the request's own command for its key. */
const change = fc.oneof(
  fc.record({
    action: fc.constantFrom(
      "start" as const,
      "complete" as const,
      "reopen" as const,
      "delete" as const,
      "restore" as const,
    ),
  }),
  fc.record({ action: fc.constant("priority" as const), priority: fc.nat({ max: 5 }) }),
  fc.record({
    action: fc.constant("due" as const),
    dueDate: fc.constantFrom(null, "2030-01-01", "2031-05-06"),
  }),
  fc.record({ action: fc.constant("shift" as const), days: fc.constantFrom(-3, 5), key: fc.constant("") }),
  fc.record({ action: fc.constantFrom("tag" as const, "untag" as const), tags: tagList }),
);

/** What a person does; which todo and which tag is said by a place among those that there are. */
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("create" as const), tags: tagList }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("edit" as const), which, fields }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("step" as const),
      which,
      step: fc.constantFrom(...(Object.keys(STEPS) as (keyof typeof STEPS)[])),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("createTag" as const), name: fc.constantFrom(...NAMES) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("updateTag" as const), which, name: fc.constantFrom(...NAMES) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("deleteTag" as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("mergeTags" as const), which, other: which }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("bulk" as const), most: which, change }) },
);
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

function pick<Row>(rows: Row[], at: number): Row | undefined {
  return rows[at % Math.max(1, rows.length)];
}

/** What is there to do something to. A refusal is as good as anything: then the command did nothing. */
async function perform(scope: Scope, act: Action, now: Snapshot): Promise<string | null> {
  switch (act.kind) {
    case "create": {
      const id = newId();
      await done(createTodo(scope, { id, title: "New", tags: act.tags }));
      return id;
    }
    case "edit": {
      const todo = pick(now.todos, act.which);
      if (todo) await updateTodo(scope, { id: todo.id, version: Number(todo.version), ...act.fields });
      break;
    }
    case "step": {
      const todo = pick(now.todos, act.which);
      if (todo) await STEPS[act.step](scope, { id: todo.id });
      break;
    }
    case "createTag":
      await createTag(scope, { name: act.name, ...LOOK });
      break;
    case "updateTag": {
      const tag = pick(now.tags, act.which);
      if (tag) await updateTag(scope, { id: tag.id, name: act.name, colour: "#000000" });
      break;
    }
    case "deleteTag": {
      const tag = pick(now.tags, act.which);
      if (tag) await deleteTag(scope, { id: tag.id });
      break;
    }
    case "bulk": {
      const ids = now.todos.slice(0, act.most + 1).map(({ id }) => id);
      const bulk = act.change.action === "shift" ? { ...act.change, key: scope.commandId } : act.change;
      if (ids.length > 0) await done(bulkTodos(scope, { target: { ids }, change: bulk }));
      break;
    }
    case "mergeTags": {
      const [from, into] = [pick(now.tags, act.which), pick(now.tags, act.other)];
      if (from && into) await mergeTags(scope, { from: from.id, into: into.id });
    }
  }
  return null;
}

type Done = { commandId: string; before: Snapshot; after: Snapshot; made: string | null };

/** Does all of it, and tells of each command that changed something what there was before and after. */
async function live(
  person: Person,
  acts: Action[],
  between?: (round: number) => Promise<void>,
): Promise<Done[]> {
  const { database } = world;
  const history: Done[] = [];
  for (const [round, act] of acts.entries()) {
    await between?.(round);
    const before = await snapshot(database, person);
    const versions = await database.sql<{ id: string; version: number }>(
      "select id, version from todos where organization_id = $1",
      [person.organizationId],
    );
    const seen = before.todos.map((todo) => ({
      ...todo,
      version: versions.find(({ id }) => id === todo.id)?.version,
    }));
    const scope = person.scope();
    const made = await perform(scope, act, { ...before, todos: seen });
    const after = await snapshot(database, person);
    const entries = await database.sql("select from audit_logs where command_id = $1", [scope.commandId]);
    if (entries.length > 0) history.push({ commandId: scope.commandId, before, after, made });
  }
  return history;
}

it(
  "undoing all that a person did, last to first, gives back every earlier state, and redoing it the last",
  {
    timeout: 300_000,
  },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 4, maxLength: 14 }), async (acts) => {
        const { database } = world;
        const person = await createPerson(database);
        const history = await live(person, acts);
        const undos: { commandId: string; after: Snapshot; made: string[] }[] = [];
        const made: string[] = [];
        for (const { commandId, before, after, made: id } of history.toReversed()) {
          undos.push({ commandId: "", after, made: [...made] });
          if (id !== null) made.push(id);
          const undone = await undo(person, commandId);
          expect(undone.left).toEqual([]);
          expect(without(await snapshot(database, person), made)).toEqual(before);
          Object.assign(undos.at(-1) ?? {}, { commandId: undone.commandId });
        }
        for (const { commandId, after, made: notYet } of undos.toReversed()) {
          expect((await undo(person, commandId)).left).toEqual([]);
          expect(without(await snapshot(database, person), notYet)).toEqual(after);
        }
      }),
      { seed: SEED, numRuns: 40 },
    );
  },
);

/** So that there is something to change from the start. */
const BEGINNING: Action[] = [
  { kind: "create", tags: ["Home"] },
  { kind: "create", tags: [] },
];

/** Changes that nobody's command made. */
const meddling = fc.record({
  round: fc.integer({ min: 2, max: 9 }),
  which,
  sql: fc.constantFrom(
    "update todos set title = 'Meddled' where id = $1",
    "update todos set priority = 1 where id = $1",
    "update todos set status = 'cancelled' where id = $1",
    "update todos set deleted_at = now() where id = $1",
    "delete from todo_tags where todo_id = $1",
    "delete from todos where id = $1",
    "update tags set name = 'Meddled ' || id where id = (select tag_id from todo_tags where todo_id = $1 limit 1)",
  ),
});

it(
  "whatever others change in between, each todo is taken back whole, or left as it is and named",
  {
    timeout: 300_000,
  },
  async () => {
    let left = 0;
    let back = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 4, maxLength: 10 }),
        fc.array(meddling, { minLength: 3, maxLength: 8 }),
        async (acts, meddlings) => {
          const { database } = world;
          const person = await createPerson(database);
          const history = await live(person, [...BEGINNING, ...acts], async (round) => {
            for (const one of meddlings.filter((meddled) => meddled.round === round)) {
              const { todos } = await snapshot(database, person);
              const todo = todos[one.which % Math.max(1, todos.length)];
              if (todo) await database.sql(one.sql, [todo.id]);
            }
          });
          for (const { commandId, before, after } of history.toReversed()) {
            const stood = await snapshot(database, person);
            const undone = await done(undoCommand(person.scope(), { commandId }));
            const stands = await snapshot(database, person);
            const named = new Set(undone.left.map(({ id }) => id));
            const ids = [before, after, stood].flatMap(({ todos, tags }) =>
              [...todos, ...tags].map(({ id }) => id),
            );
            for (const id of new Set(ids)) {
              const was = aspects(stood, id);
              const became = aspects(stands, id);
              const wanted = named.has(id) ? was : takenBack(was, aspects(before, id), aspects(after, id));
              if (named.has(id)) left += 1;
              else if (JSON.stringify(was) !== JSON.stringify(wanted)) back += 1;
              // What it made lies in the trash, or is gone as a tag: there was nothing before.
              const gone = wanted === undefined && (became === undefined || became.deleted_at !== null);
              expect(gone ? undefined : became).toEqual(wanted);
            }
          }
        },
      ),
      { seed: SEED, numRuns: 25 },
    );
    // Both happened, and often.
    expect(left).toBeGreaterThan(20);
    expect(back).toBeGreaterThan(40);
  },
);

/** A row as it stood, with what a command had changed in it as that was before. */
function takenBack(was: Aspects, before: Aspects, after: Aspects): Aspects {
  if (JSON.stringify(before) === JSON.stringify(after)) return was;
  if (before === undefined || was === undefined) return before;
  const same = ([key, value]: [string, unknown]) => JSON.stringify(value) === JSON.stringify(after?.[key]);
  const changed = Object.entries(before).filter((entry) => !same(entry));
  return { ...was, ...Object.fromEntries(changed) };
}

type Aspects = Record<string, unknown> | undefined;

/** A todo, or a tag, without what hangs on it. */
function aspects({ todos, tags }: Snapshot, id: string): Aspects {
  const { search: _search, ...row } = { search: null, ...[...todos, ...tags].find((one) => one.id === id) };
  return "id" in row ? row : undefined;
}
