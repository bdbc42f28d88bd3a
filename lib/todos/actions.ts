"use server";

import { action } from "../action";
import type { Scope } from "../db/scope";
import { ok, type Result } from "../result";
import { newTodoInput, todoEditInput, todoIdInput } from "./input";
import {
  cancelTodo,
  completeTodo,
  createTodo,
  deleteTodo,
  getCounts,
  purgeTodo,
  reopenTodo,
  restoreTodo,
  startTodo,
  updateTodo,
} from "./repository";
import type { Todo, Written } from "./types";

// What people do with todos. Each answers with the todo as it now is and with fresh counts, so that one click is one
// request and its screen has all it needs; the command is what undoing takes.

export const addTodo = action(newTodoInput, (scope, input) => withCounts(scope, createTodo(scope, input)));
export const saveTodo = action(todoEditInput, (scope, input) => withCounts(scope, updateTodo(scope, input)));
export const start = action(todoIdInput, (scope, input) => withCounts(scope, startTodo(scope, input)));
export const complete = action(todoIdInput, (scope, input) => withCounts(scope, completeTodo(scope, input)));
export const reopen = action(todoIdInput, (scope, input) => withCounts(scope, reopenTodo(scope, input)));
export const cancel = action(todoIdInput, (scope, input) => withCounts(scope, cancelTodo(scope, input)));
export const remove = action(todoIdInput, (scope, input) => withCounts(scope, deleteTodo(scope, input)));
export const restore = action(todoIdInput, (scope, input) => withCounts(scope, restoreTodo(scope, input)));

export const purge = action(todoIdInput, async (scope, input) => {
  const [result, counts] = await Promise.all([purgeTodo(scope, input), getCounts(scope)]);
  return result.ok ? ok({ ...result.data, counts }) : result;
});

/** Asks for the counts in the tick of the write, after it: they travel together and see what it wrote. */
async function withCounts<Current>(
  scope: Scope,
  write: Promise<Result<Todo, Current>>,
): Promise<Result<Written, Current>> {
  const [result, counts] = await Promise.all([write, getCounts(scope)]);
  return result.ok ? ok({ todo: result.data, counts, commandId: scope.commandId }) : result;
}
