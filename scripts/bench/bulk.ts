import { undoCommand } from "../../lib/audit/repository";
import type { BulkChange } from "../../lib/todos/bulk-types";
import { bulkTodos } from "../../lib/todos/repository";
import { done, type Operation } from "./operation";
import type { BenchPerson } from "./people";
import { someIds } from "./reads";

const MANY = 1000;

/** Each thing to do, and what takes it back off the clock. */
type There = {
  name: string;
  change: BulkChange;
  back: BulkChange;
  /** Which todos it can be done to, there and back. */
  which?: string;
};

const COMPLETE: There = {
  name: "complete",
  change: { action: "complete" },
  back: { action: "reopen" },
  which: "status in ('pending', 'completed')",
};
const DELETE: There = { name: "delete", change: { action: "delete" }, back: { action: "restore" } };
const PRIORITY: There = {
  name: "set the priority of",
  change: { action: "priority", priority: 1 },
  back: { action: "priority", priority: 2 },
};
const TAG: There = {
  name: "tag",
  change: { action: "tag", tags: ["benchmark"] },
  back: { action: "untag", tags: ["benchmark"] },
};

export const BULK: readonly Operation[] = [
  many(COMPLETE),
  many(DELETE),
  few(PRIORITY),
  many(PRIORITY),
  few(TAG),
  many(TAG),
  {
    name: "undo an edit of 1,000 todos",
    prepare: async (person) => {
      const ids = await someIds(person);
      if (ids.length < MANY) return null;
      await change(person, ids, PRIORITY.change);
      let { commandId } = await change(person, ids, PRIORITY.back);
      return {
        run: async () => {
          const undone = await done(undoCommand(person.scope(), { commandId }));
          if (undone.leftCount > 0) throw new Error("It was changed by something else.");
          commandId = undone.commandId;
        },
      };
    },
  },
];

function many(there: There): Operation {
  return { name: `${there.name} 1,000 todos`, prepare: (person) => thereAndBack(person, there, MANY) };
}

function few(there: There): Operation {
  return { name: `${there.name} a todo`, prepare: (person) => thereAndBack(person, there, 1) };
}

async function thereAndBack(person: BenchPerson, there: There, count: number) {
  const ids = (await someIds(person, there.which)).slice(0, count);
  if (ids.length < count) return null;
  await change(person, ids, there.change);
  await change(person, ids, there.back);
  return {
    run: async () => {
      const { changed } = await change(person, ids, there.change);
      if (changed !== count) throw new Error(`${changed} of ${count} were changed.`);
    },
    after: () => change(person, ids, there.back),
  };
}

function change(person: BenchPerson, ids: string[], wanted: BulkChange) {
  return done(bulkTodos(person.scope(), { target: { ids }, change: wanted }));
}
