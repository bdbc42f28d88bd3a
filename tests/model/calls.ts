import * as audit from "@/lib/audit/repository";
import type { Result } from "@/lib/result";
import type { Scope } from "@/lib/db/scope";
import type { Settings } from "@/lib/settings/input";
import { updateSettings } from "@/lib/settings/repository";
import * as tags from "@/lib/tags/repository";
import type { NewTag } from "@/lib/tags/types";
import * as todos from "@/lib/todos/repository";
import type { NewTodo, TodoEdit } from "@/lib/todos/types";
import type { TodoUpsert } from "@/lib/todos/upsert";
import * as bulkModel from "./bulk";
import * as otherModel from "./other-writes";
import { outcomeOf, type Answer, type ModelWrite, type Outcome, type Writer } from "./outcome";
import { tagNamesOf, type State, type TodoState } from "./state";
import * as todoModel from "./todo-writes";
import * as undoModel from "./undo";

/** A write that a person asked for, with everything that it carries: repeated, it is the very same. */
export type Call = {
  name: string;
  input: object;
  run: (scope: Scope) => Promise<Result<unknown>>;
  model: (state: State, writer: Writer) => Outcome;
  /** What else it may do when another write is under way at once. */
  modelBeside?: (state: State, writer: Writer) => Outcome;
};

function call<Input extends object, ModelInput extends object>(
  name: string,
  input: Input,
  run: (scope: Scope, input: Input) => Promise<Result<unknown>>,
  [write, modelInput]: [ModelWrite<ModelInput>, ModelInput],
): Call {
  return {
    name,
    input,
    run: (scope) => run(scope, input),
    model: (state, writer) => outcomeOf(state, writer, write, modelInput),
  };
}

export const createTodo = (input: NewTodo & { id: string }) =>
  call("createTodo", input, todos.createTodo, [todoModel.createTodo, input]);

export const updateTodo = (edit: TodoEdit): Call => ({
  ...call("updateTodo", edit, todos.updateTodo, [todoModel.updateTodo, edit]),
  // It may come too early to change anything, and then find that the other has made it so.
  modelBeside: (state, writer) => outcomeOf(state, writer, todoModel.findAsWanted, edit),
});

export const upsertTodo = (input: TodoUpsert) =>
  call("upsertTodo", input, todos.upsertTodo, [todoModel.upsertTodo, input]);

export const transferTodo = (input: { id: string; userId: string }) =>
  call("transferTodo", input, todos.transferTodo, [todoModel.transferTodo, input]);

/** The writes that take the id of a todo and nothing else. */
export const BY_ID = {
  startTodo: [todos.startTodo, todoModel.startTodo],
  completeTodo: [todos.completeTodo, todoModel.completeTodo],
  reopenTodo: [todos.reopenTodo, todoModel.reopenTodo],
  cancelTodo: [todos.cancelTodo, todoModel.cancelTodo],
  deleteTodo: [todos.deleteTodo, todoModel.deleteTodo],
  restoreTodo: [todos.restoreTodo, todoModel.restoreTodo],
  purgeTodo: [todos.purgeTodo, todoModel.purgeTodo],
} as const;

export type ById = keyof typeof BY_ID;

export function byId(name: ById, id: string): Call {
  const [run, model] = BY_ID[name];
  return call<{ id: string }, { id: string }>(name, { id }, run, [model, { id }]);
}

export const bulkTodos = (ids: string[], change: bulkModel.BulkWish) =>
  call("bulkTodos", { target: { ids }, change }, todos.bulkTodos, [bulkModel.bulkTodos, { ids, change }]);

export const bulkInsertTodos = (rows: bulkModel.ImportRow[]) =>
  // Refusing bad rows would be a request more, and there are none.
  call("bulkInsertTodos", { rows, onBadRow: "skip" as const }, todos.bulkInsertTodos, [
    bulkModel.bulkInsertTodos,
    { rows },
  ]);

export const undoCommand = (commandId: string) =>
  call("undoCommand", { commandId }, audit.undoCommand, [undoModel.undoCommand, { commandId }]);

export const createTag = (input: NewTag & { id: string }) =>
  call("createTag", input, tags.createTag, [otherModel.createTag, input]);

/** A tag as the model and as the database call it. */
export type TagName = { label: string; id: string };

export const updateTag = ({ label, id }: TagName, look: Omit<NewTag, "id">) =>
  call("updateTag", { id, ...look }, tags.updateTag, [otherModel.updateTag, { label, ...look }]);

export const deleteTag = ({ label, id }: TagName) =>
  call("deleteTag", { id }, tags.deleteTag, [otherModel.deleteTag, { label }]);

export const mergeTags = (from: TagName, into: TagName) =>
  call("mergeTags", { from: from.id, into: into.id }, tags.mergeTags, [
    otherModel.mergeTags,
    { from: from.label, into: into.label },
  ]);

export const saveSettings = (settings: Settings) =>
  call("updateSettings", settings, updateSettings, [otherModel.updateSettings, settings]);

/** What an answer says, in a form in which the app's and the model's are the same text. */
export function readAnswer(result: Result<unknown>): string {
  const code = result.ok ? "ok" : result.code;
  const row = Object(result.ok ? result.data : result.current) as Record<string, unknown>;
  if ("undone" in row) {
    const reasons = (row.left as { reason: string }[]).map(({ reason }) => reason).toSorted();
    return view(code, { undone: row.undone, reasons });
  }
  if ("changed" in row) return view(code, row);
  if ("version" in row) {
    const names = (row.tags as { name: string }[]).map(({ name }) => name.toLowerCase()).toSorted();
    const { deletedAt, completedAt } = row;
    return view(code, {
      ...row,
      deleted: deletedAt !== null,
      completed: completedAt !== null,
      tags: names,
    });
  }
  return view(code, "colour" in row ? row : {});
}

export function modelAnswer({ state, answer }: { state: State; answer: Answer }): string {
  const { code, todo, tag, undone, counts } = answer;
  if (undone !== undefined) return view(code, undone);
  if (counts !== undefined) return view(code, counts);
  if (todo !== undefined) {
    const current: TodoState = state.todos[todo.id] ?? todo;
    const completed = current.completedBy !== null;
    const deleted = current.deletedBy !== null;
    return view(code, { ...current, completed, deleted, tags: tagNamesOf(state, current) });
  }
  return view(code, tag === undefined ? {} : { ...state.tags[tag] });
}

const SHOWN = [
  "organizationId",
  "title",
  "description",
  "status",
  "priority",
  "dueDate",
  "dueTime",
  "scheduledFor",
  "completed",
  "deleted",
  "version",
  "tags",
  "name",
  "colour",
  "icon",
  "undone",
  "reasons",
  "changed",
  "unchanged",
];

function view(code: string, row: Record<string, unknown>): string {
  const isTag = "colour" in row;
  const shown = SHOWN.filter((name) => name in row && !(isTag && name === "organizationId"));
  return `${code} ${JSON.stringify(Object.fromEntries(shown.map((name) => [name, row[name]])))}`;
}
