import { undoCommand } from "../../lib/audit/repository";
import { newId } from "../../lib/db/id";
import type { BulkChange } from "../../lib/todos/bulk-types";
import { bulkTodos } from "../../lib/todos/repository";
import { done, type Operation } from "./operation";
import type { BenchPerson } from "./people";
import { someIds } from "./reads";

const MANY = 1000;

/** Something to do, and what takes it back off the clock. */
type There = {
  name: string;
  change: () => BulkChange;
  back: (() => BulkChange) | "undo";
  /** Which todos it can be done to, there and back. */
  which?: string;
};

const DONE_OR_NOT = "status in ('pending', 'completed')";
const complete = () => ({ action: "complete" }) as const;
const reopen = () => ({ action: "reopen" }) as const;
const remove = () => ({ action: "delete" }) as const;
const restore = () => ({ action: "restore" }) as const;
const priority = (to: number) => () => ({ action: "priority", priority: to }) as const;
const shift = (days: number) => () => ({ action: "shift", days, key: newId() }) as const;
const tag = () => ({ action: "tag", tags: ["benchmark"] }) as const;
const untag = () => ({ action: "untag", tags: ["benchmark"] }) as const;

const PRIORITY: There = { name: "set the priority of", change: priority(1), back: priority(2) };
const PAIRS: readonly There[] = [
  { name: "reopen", change: reopen, back: complete, which: DONE_OR_NOT },
  { name: "restore", change: restore, back: remove },
  PRIORITY,
  {
    name: "put off",
    change: shift(1),
    back: shift(-1),
    which: "status in ('pending', 'in_progress') and due_date between '1980-01-01' and '9000-01-01'",
  },
  { name: "tag", change: tag, back: untag },
  { name: "untag", change: untag, back: tag },
];

export const BULK: readonly Operation[] = [
  // One at a time, these two are measured as the buttons do them.
  measured({ name: "complete", change: complete, back: reopen, which: DONE_OR_NOT }, MANY),
  measured({ name: "delete", change: remove, back: restore }, MANY),
  ...PAIRS.flatMap((there) => [measured(there, 1), measured(there, MANY)]),
  ...[1, MANY].map((count): Operation => ({
    name: nameOf("transfer", count),
    prepare: async (person) => {
      const there = await transfer(person);
      return there && thereAndBack(person, there, count);
    },
  })),
  {
    name: "undo an edit of 1,000 todos",
    prepare: async (person) => {
      const ids = await someIds(person);
      if (ids.length < MANY) return null;
      await send(person, ids, PRIORITY.change());
      let { commandId } = await send(person, ids, priority(2)());
      return {
        run: async () => {
          ({ commandId } = await undo(person, commandId));
        },
      };
    },
  },
];

function measured(there: There, count: number): Operation {
  return { name: nameOf(there.name, count), prepare: (person) => thereAndBack(person, there, count) };
}

function nameOf(what: string, count: number): string {
  return count === 1 ? `${what} a todo` : `${what} ${count.toLocaleString("en")} todos`;
}

async function thereAndBack(person: BenchPerson, { change, back, which }: There, count: number) {
  const ids = (await someIds(person, which)).slice(0, count);
  if (ids.length < count) return null;
  let commandId = "";
  const there = async () => {
    const outcome = await send(person, ids, change());
    ({ commandId } = outcome);
    return outcome;
  };
  const andBack = () => (back === "undo" ? undo(person, commandId) : send(person, ids, back()));
  await there();
  await andBack();
  return {
    run: async () => {
      const { changed } = await there();
      if (changed !== count) throw new Error(`${changed} of ${count} were changed.`);
    },
    after: andBack,
  };
}

/** Handing todos to a colleague of the organization where most of theirs are; null for somebody who has no colleague. */
async function transfer({ owner, userId }: BenchPerson): Promise<There | null> {
  const { rows } = await owner.query<{ organizationId: string; colleague: string }>(
    `select t.organization_id as "organizationId", min(m.user_id::text) as colleague
       from todos t
       join memberships mine on mine.organization_id = t.organization_id and mine.user_id = t.user_id and mine.role <> 'viewer'
       join memberships m on m.organization_id = t.organization_id and m.user_id <> t.user_id and m.role <> 'viewer'
       join organizations o on o.id = t.organization_id and o.personal_user_id is null
      where t.user_id = $1 and t.deleted_at is null
      group by 1 order by count(distinct t.id) desc limit 1`,
    [userId],
  );
  const [most] = rows;
  if (most === undefined) return null;
  return {
    name: "transfer",
    change: () => ({ action: "transfer", userId: most.colleague }),
    back: "undo",
    which: `organization_id = '${most.organizationId}'`,
  };
}

function send(person: BenchPerson, ids: string[], wanted: BulkChange) {
  return done(bulkTodos(person.scope(), { target: { ids }, change: wanted }));
}

async function undo(person: BenchPerson, commandId: string) {
  const undone = await done(undoCommand(person.scope(), { commandId }));
  if (undone.leftCount > 0) throw new Error("It was changed by something else.");
  return undone;
}
