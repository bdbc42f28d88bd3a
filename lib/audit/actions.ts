"use server";

import { action } from "../action";
import { fail, ok } from "../result";
import { listTags } from "../tags/repository";
import { getCounts } from "../todos/repository";
import { describeLeft } from "./describe-command";
import { revertInput, undoInput } from "./input";
import { revertField, undoCommand } from "./repository";

/**
 * Answers with the todos that were touched as they now are, with fresh counts, with all tags when tags themselves were
 * its matter, and with a sentence on what was left. Refused when all was left.
 */
export const undo = action(undoInput, async (scope, { commandId }) => {
  const [result, counts, tags] = await Promise.all([
    undoCommand(scope, { commandId }),
    getCounts(scope),
    listTags(scope, { madeOrChangedBy: commandId }),
  ]);
  if (!result.ok) return result;
  const { data } = result;
  const left = describeLeft(data);
  if (data.undone === 0 && left !== null) return fail("conflict", { message: left });
  return ok({ commandId: data.commandId, left, todos: data.todos, tags: data.tags ? tags : null, counts });
});

/** Answers with the todo as it now is, and with fresh counts. */
export const revert = action(revertInput, async (scope, input) => {
  const [result, counts] = await Promise.all([revertField(scope, input), getCounts(scope)]);
  return result.ok ? ok({ todo: result.data, counts, commandId: scope.commandId }) : result;
});
