import { newId } from "@/lib/db/id";
import type { BulkChange, BulkTarget } from "@/lib/todos/bulk-types";
import * as calls from "./calls";
import type { ById, Call, TagName } from "./calls";
import type { ImportRow } from "./imports";
import type { EarlierValue, Known } from "./known";
import type { TagState, TodoState } from "./state";
import type { Act, BulkWish, Receiver, RowWish, Target, Wish } from "./steps";
import type { Player, World } from "./world";

/** The call that an act comes to, with its ids made; null when there is nothing that it could be about. */
export async function callFor(world: World, known: Known, act: Act): Promise<Call | null> {
  const { wish } = act;
  const player = world.people[act.person];
  switch (wish.do) {
    case "create": {
      const id = newId();
      known.addTodo(id, player);
      return calls.createTodo({ id, ...wish.fields, tags: wish.tags });
    }
    case "create tag": {
      const id = newId();
      world.chosenTagIds.add(id);
      known.addTag(id, player);
      return calls.createTag({ id, name: wish.name, colour: wish.colour, icon: null });
    }
    case "settings": {
      const { name, timeZone, theme } = wish;
      return calls.saveSettings({ name, timeZone, theme, weekStart: 1 });
    }
    case "bulk": {
      const target = bulkTarget(world, known, act.person, wish.targets);
      if ("ids" in target && target.ids.length === 0) return null;
      const change = bulkChange(world, act.person, wish.change);
      return calls.bulkTodos({ target, change, ...("ids" in target ? {} : { shown: known.todoIds() }) });
    }
    case "import": {
      const { onBadRow } = wish;
      return calls.bulkInsertTodos({ rows: importRows(known, player, wish.rows), onBadRow });
    }
    case "revert": {
      const hasHistory = ({ id }: TodoState) => known.earlierValues(id).length > 0;
      const id = known.todo(player, wish.target, hasHistory);
      if (id === null) return null;
      const values = known.earlierValues(id);
      const value = values[wish.nth % values.length];
      return callOnHistory(world, id, value, wish.isStale ? (player.tabs[act.tab].get(id) ?? 1) : null);
    }
    case "again":
      return known.call(player, wish.nth)?.call ?? null;
    case "undo": {
      const id = known.command(player, wish);
      return id === null ? null : calls.undoCommand(id);
    }
    case "update tag":
    case "delete tag":
    case "merge tags":
      return callOnTags(world, known, player, wish);
    default: {
      const id = known.todo(player, wish.target, wish.do === "by id" ? APT[wish.write] : isInLists);
      return id === null ? null : callOnTodo(world, act, wish, id);
    }
  }
}

const isInLists = ({ deletedBy }: TodoState) => deletedBy === null;
const isInTrash = ({ deletedBy }: TodoState) => deletedBy !== null;
const isOpen = (todo: TodoState) =>
  isInLists(todo) && (todo.status === "pending" || todo.status === "in_progress");

/** On which todos a write does something. */
const APT: Record<ById, (todo: TodoState) => boolean> = {
  startTodo: (todo) => isInLists(todo) && todo.status === "pending",
  completeTodo: isOpen,
  cancelTodo: isOpen,
  reopenTodo: (todo) => isInLists(todo) && !isOpen(todo),
  deleteTodo: isInLists,
  restoreTodo: isInTrash,
  purgeTodo: isInTrash,
};

type TagWish = Extract<Wish, { do: "update tag" | "delete tag" | "merge tags" }>;
type TodoWish = Extract<Wish, { do: "update" | "by id" | "transfer" | "upsert" }>;

function callOnTodo({ people }: World, { person, tab }: Act, wish: TodoWish, id: string): Call {
  const seen = people[person].tabs[tab].get(id) ?? 1;
  switch (wish.do) {
    case "by id":
      return calls.byId(wish.write, id);
    case "transfer":
      return calls.transferTodo({ id, userId: receiverId(people, person, wish.to) });
    case "upsert": {
      const { fields, tags, knowsVersion } = wish;
      const version = knowsVersion ? { version: seen } : {};
      return calls.upsertTodo({ id, ...version, ...fields, ...(tags && { tags }) });
    }
    default:
      return calls.updateTodo({ id, version: seen, ...wish.fields, ...(wish.tags && { tags: wish.tags }) });
  }
}

function receiverId(people: World["people"], person: 0 | 1, to: Receiver): string {
  if (to === "nobody") return newId();
  return people[(to === "me") === (person === 0) ? 0 : 1].userId;
}

function bulkChange({ people }: World, person: 0 | 1, change: BulkWish): BulkChange {
  switch (change.action) {
    case "shift":
      return { ...change, key: newId() };
    case "transfer":
      return { action: "transfer", userId: receiverId(people, person, change.to) };
    default:
      return change;
  }
}

function bulkTarget(
  world: World,
  known: Known,
  person: 0 | 1,
  targets: Extract<Wish, { do: "bulk" }>["targets"],
): BulkTarget {
  const player = world.people[person];
  if (targets === "trash") return { trash: true };
  if (Array.isArray(targets)) return { ids: targets.flatMap((target) => known.todo(player, target) ?? []) };
  const { status, owner, organization, narrowing } = targets;
  const organizationId = organization === "mine" ? player.organizationId : world.teamId;
  return {
    filter: {
      ...narrowing,
      status,
      owner: owner === "other" ? { userId: receiverId(world.people, person, "other") } : owner,
      ...(organization && { organizationId }),
    },
  };
}

function importRows(known: Known, player: Player, wishes: RowWish[]): ImportRow[] {
  let before = newId();
  return wishes.map(({ id: wanted, fields, tags, status, completedAt }) => {
    const isNew = wanted === "new";
    const id = isNew
      ? newId()
      : wanted === "the row before's"
        ? before
        : (known.todo(player, wanted) ?? newId());
    if (isNew) known.addTodo(id, player);
    before = id;
    return { id, ...fields, tags, status, ...(status === "completed" && completedAt && { completedAt }) };
  });
}

/**
 * The call that gives a field of a todo an earlier value; without one, that of an entry that is not its own.
 * @param seen the version that it is about; null for the one that it has now
 */
async function callOnHistory(
  { sql }: World,
  id: string,
  value: EarlierValue | undefined,
  seen: number | null,
): Promise<Call> {
  const [now] = await sql<{ entry_id: string | null; version: number }>(
    `select version, (select a.id from audit_logs a
                       where a.entity_id = todos.id and a.command_id = $2 and a.action = $3
                       order by a.id limit 1) as entry_id
       from todos where id = $1`,
    [id, value?.entry.commandId ?? null, value?.entry.action ?? ""],
  );
  return calls.revertField({
    id,
    field: value?.field ?? "title",
    entryId: now?.entry_id ?? newId(),
    version: seen ?? now?.version ?? 1,
    entry: value?.entry ?? null,
  });
}

async function callOnTags(world: World, known: Known, player: Player, wish: TagWish): Promise<Call | null> {
  const { tagIds } = await world.look();
  const find = (target: Target, isApt?: (tag: TagState) => boolean): TagName | null => {
    const label = known.tag(player, target, isApt);
    // One that was never made has only the id that it would have had.
    return label === null ? null : { label, id: tagIds.get(label) ?? label };
  };
  if (wish.do === "merge tags") {
    const from = find(wish.from);
    const organizationId = known.tagCalled(from?.label)?.organizationId;
    const into = find(
      wish.into.apt ? { ...wish.into, whose: wish.from.whose } : wish.into,
      (tag) => tag.label !== from?.label && tag.organizationId === organizationId,
    );
    return from && into && calls.mergeTags(from, into);
  }
  const tag = find(wish.target);
  if (tag === null) return null;
  if (wish.do === "delete tag") return calls.deleteTag(tag);
  const { name, colour, icon } = wish;
  return calls.updateTag(tag, { name, colour, icon });
}
