import { isOverdue, type Clock } from "@/app/_todos/due";
import type { Draft } from "@/app/_todos/draft";
import { COUNT_MAX } from "@/lib/db/limits";
import type { Counts, Todo, TodoRow } from "@/lib/todos/types";

/** What a click does to a todo before the server has answered. */
export type Change =
  | { kind: "add"; row: TodoRow }
  | { kind: "patch"; before: TodoRow; patch: Partial<TodoRow> }
  | { kind: "purge"; before: TodoRow };

/** A todo that was not added: refused, with the reason, or moved aside for another one. Its text waits here. */
export type HeldDraft = { id: string; draft: Draft; message: string };

/** A change that the server has been asked for. Keys are unique; the order is that of the clicks. */
export type Pending = { key: number; id: string; change: Change };

/**
 * What the browser knows beyond the page's own rows: what the server answered since, and on top what it has not
 * answered yet. It outlives navigations, so that an older page that is shown again still shows the truth.
 */
export type TodosState = {
  /** Rows as the server last gave them in an answer. */
  answered: ReadonlyMap<string, Todo>;
  /** Todos that are not there any more, by id, with the version up to which that is known: a later one is back. */
  gone: ReadonlyMap<string, number>;
  pending: readonly Pending[];
  held: readonly HeldDraft[];
  /** The newest counts; null until a page or an answer has brought some. */
  counts: Counts | null;
  /** When the newest page that brought counts was read, in milliseconds. */
  pageReadAt: number;
};

export type TodosEvent =
  | { type: "asked"; pending: Pending }
  | { type: "answered"; key?: number; row: Todo | null; counts: Counts }
  | { type: "purged"; key: number; counts: Counts }
  /** The server refused, or gave no answer: the change is taken back. `gone`: because the todo is not there. */
  | { type: "refused"; key: number; gone: boolean }
  | { type: "held"; draft: HeldDraft }
  | { type: "released"; id: string }
  | { type: "page_read"; counts: Counts; at: number };

export const noTodos: TodosState = {
  answered: new Map(),
  gone: new Map(),
  pending: [],
  held: [],
  counts: null,
  pageReadAt: 0,
};

export function todosReducer(state: TodosState, event: TodosEvent): TodosState {
  switch (event.type) {
    case "asked":
      return { ...state, pending: [...state.pending, event.pending] };
    case "answered":
      return {
        ...state,
        answered: event.row === null ? state.answered : withRow(state.answered, event.row),
        pending: without(state.pending, event.key),
        counts: event.counts,
      };
    case "purged":
      return {
        ...state,
        gone: withGone(state, event.key),
        pending: without(state.pending, event.key),
        counts: event.counts,
      };
    case "refused":
      return {
        ...state,
        gone: event.gone ? withGone(state, event.key) : state.gone,
        pending: without(state.pending, event.key),
      };
    case "held":
      return { ...state, held: [...state.held, event.draft] };
    case "released":
      return { ...state, held: state.held.filter((one) => one.id !== event.id) };
    case "page_read":
      break;
  }
  // An older page that is shown again brings counts that have been overtaken.
  if (event.at <= state.pageReadAt) return state;
  return { ...state, counts: event.counts, pageReadAt: event.at };
}

function without(pending: readonly Pending[], key: number | undefined): readonly Pending[] {
  return pending.filter((one) => one.key !== key);
}

function withGone({ gone, pending }: TodosState, key: number): TodosState["gone"] {
  const change = pending.find((one) => one.key === key)?.change;
  if (change === undefined || change.kind === "add") return gone;
  return new Map(gone).set(change.before.id, change.before.version);
}

function withRow(rows: TodosState["answered"], row: Todo): TodosState["answered"] {
  const known = rows.get(row.id);
  if (known !== undefined && known.version > row.version) return rows;
  return new Map(rows).set(row.id, row);
}

/** A page's row as it stands now: the newest version of it, with what is still under way on top; null when it is gone. */
export function currentRow(state: TodosState, row: TodoRow): TodoRow | null {
  const goneUpTo = state.gone.get(row.id);
  if (goneUpTo !== undefined && row.version <= goneUpTo) return null;
  const answered = state.answered.get(row.id);
  let current = answered !== undefined && answered.version > row.version ? answered : row;
  for (const { id, change } of state.pending) {
    if (id !== row.id) continue;
    if (change.kind === "purge") return null;
    if (change.kind === "patch") current = { ...current, ...change.patch };
  }
  return current;
}

/** Whether a row is only in the browser yet. */
export function isBeingAdded(state: TodosState, id: string): boolean {
  return state.pending.some((one) => one.id === id && one.change.kind === "add");
}

/** Rows that no page brought but that the browser knows of: first those being added, newest first. */
export function knownRows(state: TodosState): TodoRow[] {
  const added = state.pending.flatMap(({ change }) => (change.kind === "add" ? [change.row] : []));
  const answered = [...state.answered.values()].filter((row) => !added.some((one) => one.id === row.id));
  const newestFirst = [...answered, ...added].toReversed();
  return newestFirst.flatMap((row) => currentRow(state, row) ?? []);
}

/** The counts as they will be when all that is under way has been answered. Null until any are known. */
export function currentCounts(state: TodosState, page: Counts, clock: Clock): Counts {
  let counts = state.counts ?? page;
  for (const { change } of state.pending) {
    const before = change.kind === "add" ? null : change.before;
    const after = change.kind === "add" ? change.row : change.kind === "patch" ? patched(change) : null;
    counts = moved(counts, before, after, clock);
  }
  return counts;
}

function patched({ before, patch }: Extract<Change, { kind: "patch" }>): TodoRow {
  return { ...before, ...patch };
}

const names = ["overdue", "today", "upcoming", "open", "trash"] as const;

function moved(counts: Counts, before: TodoRow | null, after: TodoRow | null, clock: Clock): Counts {
  const from = before === null ? [] : countsThatHold(before, clock);
  const to = after === null ? [] : countsThatHold(after, clock);
  const next = { ...counts };
  for (const name of names) {
    const change = Number(to.includes(name)) - Number(from.includes(name));
    // From COUNT_MAX on it is not known how many more there are.
    if (counts[name] < COUNT_MAX) next[name] = Math.max(0, counts[name] + change);
  }
  return next;
}

/** The counts in which a todo is counted. */
function countsThatHold(row: TodoRow, clock: Clock): (keyof Counts)[] {
  if (row.deletedAt !== null) return ["trash"];
  if (row.status === "completed" || row.status === "cancelled") return [];
  if (row.dueDate === null) return ["open"];
  if (isOverdue(row.dueDate, row.dueTime, clock)) return ["open", "overdue"];
  return row.dueDate === clock.today ? ["open", "today"] : ["open", "upcoming"];
}
