import type { ErrorCode } from "@/lib/result";
import {
  difference,
  todoRow,
  type AuditState,
  type Changes,
  type PersonState,
  type State,
  type TodoState,
} from "./state";

/** What a write should do: the state after it, and what it answers. */
export type Outcome = { state: State; answer: Answer };

/** An answer, as far as the model knows it: what else is in it is what a success, or a conflict, carries. */
export type Answer = {
  code: "ok" | ErrorCode;
  todo?: TodoState;
  tag?: string;
  undone?: UndoneState;
  bulk?: BulkState;
  inserted?: InsertedState;
};

/**
 * What an undo says of itself: which command took it back, how many things, whether tags themselves were its matter, and
 * why it left the others.
 */
export type UndoneState = { commandId: string; undone: number; tags: boolean; reasons: string[] };

/** What a command on many todos says of itself; of the rows that it shows, the ids, and their versions. */
export type BulkState = {
  commandId: string;
  changed: number;
  unchanged: number;
  reasons: string[];
  shown: string[];
};

/** What an import says of itself; of the bad rows, the numbers. Refused, it has only those. */
export type InsertedState = { added?: number; known?: number; bad: number[] };

/** Who writes, in which request. */
export type Writer = { person: string; commandId: string };

/** A write of the model: changes the state that it is given, which is its own, and answers. */
export type ModelWrite<Input> = (draft: Draft, input: Input) => Answer;

/** A state that a write is changing, with the hands that every write needs. */
export type Draft = {
  state: State;
  me: PersonState;
  commandId: string;
  /** The todo, when they may see it. */
  visible: (id: string) => TodoState | undefined;
  mayWrite: (row: { organizationId: string }) => boolean;
  /** Puts a todo's new row in the old one's place, with its audit row under this action, or under "update". */
  changeTodo: (todo: TodoState, values: Partial<TodoState>, action?: string) => TodoState;
  /** By whoever writes, unless it stands in somebody else's name. */
  remember: (entry: Omit<AuditState, "commandId" | "userId"> & { userId?: string }) => void;
};

/** A refusal inside a batch: nothing of the batch happened. */
export class Undone extends Error {
  constructor(readonly answer: Answer) {
    super(answer.code);
  }
}

/** Runs a write of the model on a copy of a state. */
export function outcomeOf<Input>(
  state: State,
  writer: Writer,
  write: ModelWrite<Input>,
  input: Input,
): Outcome {
  const copy = structuredClone(state);
  try {
    return { state: copy, answer: write(draftOf(copy, writer), input) };
  } catch (error) {
    if (error instanceof Undone) return { state, answer: error.answer };
    throw error;
  }
}

function draftOf(state: State, { person, commandId }: Writer): Draft {
  const me = state.people[person];
  if (me === undefined) throw new Error("The model knows nobody of this id.");
  const remember: Draft["remember"] = (entry) => state.audit.push({ userId: me.id, ...entry, commandId });
  return {
    state,
    me,
    commandId,
    remember,
    visible(id) {
      const todo = state.todos[id];
      return todo !== undefined && me.organizationIds.includes(todo.organizationId) ? todo : undefined;
    },
    mayWrite: ({ organizationId }) => me.writableOrganizationIds.includes(organizationId),
    changeTodo(todo, values, action = "update") {
      const isPutOff = todo.dueDate !== null && (values.dueDate ?? "") > todo.dueDate;
      const postponed = todo.postponed + (isPutOff ? 1 : 0);
      const changed = { ...todo, postponed, ...values, version: todo.version + 1 };
      checkTodo(changed);
      state.todos[todo.id] = changed;
      const changes = difference(todoRow(todo), todoRow(changed));
      if (Object.keys(changes).length > 0) {
        remember({ ...entityOf(changed), action, changes });
      }
      return changed;
    },
  };
}

/** The todo's own rules, which its table checks. */
export function checkTodo(todo: TodoState): void {
  if (todo.dueDate === null && (todo.priority >= 4 || todo.dueTime !== null)) {
    throw new Undone({ code: "invalid" });
  }
}

export function entityOf(todo: TodoState): Pick<AuditState, "organizationId" | "entityType" | "entityId"> {
  return { organizationId: todo.organizationId, entityType: "todo", entityId: todo.id };
}

/** The changes that remember a link of a todo and a tag that came, or went. */
export function linkChanges(state: State, label: string, way: "tag" | "untag"): Changes {
  const tag = { id: label, name: state.tags[label]?.name };
  return { tags: way === "tag" ? [null, tag] : [tag, null] };
}
