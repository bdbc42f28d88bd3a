import * as audit from "@/lib/audit/repository";
import type { Result } from "@/lib/result";
import type { Scope } from "@/lib/db/scope";
import type { Settings } from "@/lib/settings/input";
import { updateSettings } from "@/lib/settings/repository";
import * as tags from "@/lib/tags/repository";
import type { NewTag, TagEdit } from "@/lib/tags/types";
import type { BulkChange, BulkTarget } from "@/lib/todos/bulk-types";
import * as todos from "@/lib/todos/repository";
import type { NewTodo, TodoEdit } from "@/lib/todos/types";
import type { TodoUpsert } from "@/lib/todos/upsert";
import type { RevertibleField } from "@/lib/audit/types";
import * as bulkModel from "./bulk";
import * as importModel from "./imports";
import * as otherModel from "./other-writes";
import { outcomeOf, type ModelWrite, type Outcome, type Writer } from "./outcome";
import * as revertModel from "./revert";
import type { State } from "./state";
import * as todoModel from "./todo-writes";
import * as undoModel from "./undo";

/** A write that a person asked for, with everything that it carries: repeated, it is the very same. */
export type Call = {
  /** Of the repository's function, with its noun: "todos.createTodo". */
  name: string;
  /** Which of the ways it goes that differ much: "shift", "by filter". */
  ways?: string[];
  input: object;
  run: (scope: Scope) => Promise<Result<unknown>>;
  model: (state: State, writer: Writer) => Outcome;
  /**
   * What else it may do when another write is under way at once.
   * @param earlier the states from before the other did what it has done by now
   */
  modelBeside?: (state: State, writer: Writer, earlier: State[]) => Outcome[];
  /** The command that it is, where the call itself says so, and not the request. */
  commandId?: string;
  /** What the SQL of the one of its requests says that writes; left out, it has one request. */
  writingSql?: string;
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
  call("todos.createTodo", input, todos.createTodo, [todoModel.createTodo, input]);

export const updateTodo = (edit: TodoEdit): Call => ({
  ...call("todos.updateTodo", edit, todos.updateTodo, [todoModel.updateTodo, edit]),
  // It may come too early to change anything, and then find that the other has made it so.
  modelBeside: (state, writer) => [outcomeOf(state, writer, todoModel.findAsWanted, edit)],
});

export const upsertTodo = (input: TodoUpsert) =>
  call("todos.upsertTodo", input, todos.upsertTodo, [todoModel.upsertTodo, input]);

export const transferTodo = (input: { id: string; userId: string }) =>
  call("todos.transferTodo", input, todos.transferTodo, [todoModel.transferTodo, input]);

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
  return call<{ id: string }, { id: string }>(`todos.${name}`, { id }, run, [model, { id }]);
}

export function bulkTodos(input: { target: BulkTarget; change: BulkChange; shown?: string[] }): Call {
  const { target, change } = input;
  const key = change.action === "shift" ? change.key : undefined;
  const model = (state: State, writer: Writer, found?: string[]) =>
    outcomeOf(state, { ...writer, commandId: key ?? writer.commandId }, bulkModel.bulkTodos, {
      ...input,
      ...(found && { found }),
    });
  return {
    name: "todos.bulkTodos",
    ways: [change.action, "ids" in target ? "by ids" : "filter" in target ? "by filter" : "of the trash"],
    input,
    run: (scope) => todos.bulkTodos(scope, input),
    model: (state, writer) => model(state, writer),
    // What it waits for may have left the filter by then; it is changed all the same. What came out of the trash
    // meanwhile is not.
    modelBeside: (state, writer, earlier) =>
      earlier.flatMap((past) => {
        const me = past.people[writer.person];
        return me ? [model(state, writer, bulkModel.foundBy({ state: past, me }, target))] : [];
      }),
    ...(key && { commandId: key }),
  };
}

export const bulkInsertTodos = (input: {
  rows: importModel.ImportRow[];
  onBadRow: "refuse" | "skip";
}): Call => ({
  ...call("todos.bulkInsertTodos", input, todos.bulkInsertTodos, [importModel.bulkInsertTodos, input]),
  ways: [input.onBadRow],
  writingSql: "app.insert_todos(",
});

/** @param input.entry which one `entryId` is, in the model's words */
export function revertField(input: {
  id: string;
  field: RevertibleField;
  entryId: string;
  version: number;
  entry: revertModel.RevertInput["entry"];
}): Call {
  const { entry, ...sent } = input;
  return {
    ...call("audit.revertField", sent, audit.revertField, [revertModel.revertField, { ...sent, entry }]),
    // As with an edit.
    modelBeside: (state, writer) => [outcomeOf(state, writer, revertModel.findReverted, { ...sent, entry })],
  };
}

/** Each time that it is sent, it is a command of its own (lib/audit/actions.ts). */
export const UNDO = "audit.undoCommand";

export const undoCommand = (commandId: string) =>
  call(UNDO, { commandId }, audit.undoCommand, [undoModel.undoCommand, { commandId }]);

export const createTag = (input: NewTag & { id: string }) =>
  call("tags.createTag", input, tags.createTag, [otherModel.createTag, input]);

/** A tag as the model and as the database call it. */
export type TagName = { label: string; id: string };

export const updateTag = ({ label, id }: TagName, look: Omit<TagEdit, "id">) =>
  call("tags.updateTag", { id, ...look }, tags.updateTag, [otherModel.updateTag, { label, ...look }]);

export const deleteTag = ({ label, id }: TagName) =>
  call("tags.deleteTag", { id }, tags.deleteTag, [otherModel.deleteTag, { label }]);

export const mergeTags = (from: TagName, into: TagName) =>
  call("tags.mergeTags", { from: from.id, into: into.id }, tags.mergeTags, [
    otherModel.mergeTags,
    { from: from.label, into: into.label },
  ]);

export const saveSettings = (settings: Settings) =>
  call("settings.updateSettings", settings, updateSettings, [otherModel.updateSettings, settings]);
