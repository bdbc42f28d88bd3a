import type { TodoStatus } from "@/lib/todos/types";

/**
 * What the database should hold, as far as people's writes reach: a plain value, so that a write gives another one and
 * the old one can be gone back to.
 */
export type State = {
  todos: Record<string, TodoState>;
  /** By label: the id that the caller chose, or what `labelTag` calls it. */
  tags: Record<string, TagState>;
  people: Record<string, PersonState>;
  audit: AuditState[];
  /** How many tags were made on the way with a name, by "organization/name". */
  tagCounts: Record<string, number>;
};

export type TodoState = {
  id: string;
  organizationId: string;
  userId: string;
  title: string;
  description: string;
  status: TodoStatus;
  priority: number;
  dueDate: string | null;
  /** HH:MM */
  dueTime: string | null;
  scheduledFor: string | null;
  /** Which command completed it, and which moved it to the trash: they stand for the instants. */
  completedBy: string | null;
  deletedBy: string | null;
  version: number;
  /** How often its day was moved to a later one. */
  postponed: number;
  /** Labels. */
  tags: string[];
};

export type TagState = {
  label: string;
  organizationId: string;
  name: string;
  colour: string;
  icon: string | null;
};

export type PersonState = {
  id: string;
  name: string;
  preferences: Record<string, unknown>;
  personalOrganizationId: string;
  /** Where they may look. */
  organizationIds: string[];
  /** Where they may write. */
  writableOrganizationIds: string[];
};

export type AuditState = {
  /** A_JOB where no person's request did it. */
  commandId: string;
  userId: string | null;
  organizationId: string | null;
  entityType: "todo" | "tag" | "user" | "command";
  /** A tag's is its label. */
  entityId: string;
  action: string;
  changes: Changes;
};

/** Stands for the command of the job that deletes for ever what lay long in the trash: it chooses its own. */
export const A_JOB = "a job";

export type Changes = Record<string, [unknown, unknown]>;

/** Stands for any instant: which one it is is the database's to say. */
export const SOME_TIME = "some time";

/**
 * Calls a tag that a todo brought along by its organization, its name, and how many were made so before it: the model
 * cannot know the id that the app made for it, and the audit log tells the same story.
 */
export function labelTag(state: Pick<State, "tagCounts">, organizationId: string, name: string): string {
  const key = `${organizationId}/${name.toLowerCase()}`;
  const count = (state.tagCounts[key] ?? 0) + 1;
  state.tagCounts[key] = count;
  return `${key}#${count}`;
}

/** The names of a todo's tags in lower case, in order. */
export function tagNamesOf({ tags }: Pick<State, "tags">, todo: TodoState): string[] {
  return todo.tags.map((label) => String(tags[label]?.name.toLowerCase())).toSorted();
}

/** A todo as the audit log's triggers see it: its row without what is not worth remembering. */
export function todoRow(todo: TodoState): Record<string, unknown> {
  return {
    id: todo.id,
    organization_id: todo.organizationId,
    user_id: todo.userId,
    title: todo.title,
    description: todo.description,
    status: todo.status,
    priority: todo.priority,
    due_date: todo.dueDate,
    due_time: todo.dueTime === null ? null : `${todo.dueTime}:00`,
    scheduled_for: todo.scheduledFor,
    completed_at: todo.completedBy,
    deleted_at: todo.deletedBy,
  };
}

export function tagRow(tag: TagState): Record<string, unknown> {
  const { label, organizationId, name, colour, icon } = tag;
  return { id: label, organization_id: organizationId, name, colour, icon };
}

/** {field: [before, after]} of what differs. */
export function difference(
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
): Changes {
  const names = Object.keys({ ...before, ...after });
  const changes: Changes = {};
  for (const name of names) {
    const [was, is] = [before?.[name] ?? null, after?.[name] ?? null];
    if (JSON.stringify(was) !== JSON.stringify(is)) changes[name] = [was, is];
  }
  return changes;
}

/** All of a state in lines that can be compared with those of another: the same lines, the same state. */
export function linesOf(state: Pick<State, "todos" | "tags" | "people" | "audit">): string[] {
  return [
    ...Object.values(state.todos).map((todo) => line("todo", withoutTimes(todo))),
    ...Object.values(state.tags).map((tag) => line("tag", tag)),
    ...Object.values(state.people).map(({ id, name, preferences }) =>
      line("person", { id, name, preferences }),
    ),
    ...state.audit.map((entry) => line("audit", { ...entry, changes: timeless(entry.changes) })),
  ].toSorted();
}

function withoutTimes({ completedBy, deletedBy, tags, ...todo }: TodoState): object {
  return { ...todo, completed: completedBy !== null, deleted: deletedBy !== null, tags: tags.toSorted() };
}

const hide = (value: unknown) => (value === null ? null : SOME_TIME);

/** Changes with SOME_TIME for whichever it was. */
function timeless(changes: Changes): Changes {
  const hidden = Object.entries(changes).map(([name, [was, is]]): [string, [unknown, unknown]] =>
    name === "completed_at" || name === "deleted_at" ? [name, [hide(was), hide(is)]] : [name, [was, is]],
  );
  return Object.fromEntries(hidden);
}

function line(kind: string, value: object): string {
  return `${kind} ${JSON.stringify(sorted(value))}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, sorted(one)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
