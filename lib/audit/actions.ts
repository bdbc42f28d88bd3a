"use server";

import { action } from "../action";
import { fail, ok, type Result } from "../result";
import { listTags } from "../tags/repository";
import { getCounts } from "../todos/repository";
import { describeLeft } from "./describe-command";
import { revertInput, undoInput } from "./input";
import { revertField, undoCommand } from "./repository";
import type { UndoAnswer } from "./types";

/**
 * Answers with the todos that were touched as they now are, with fresh counts, with all tags when tags themselves were
 * its matter, and with a sentence on what was left. Refused as a conflict when all was left; `current` is the same answer then.
 */
export const undo = action(
  undoInput,
  async (scope, { commandId }): Promise<Result<UndoAnswer, UndoAnswer>> => {
    const [result, counts, tags] = await Promise.all([
      undoCommand(scope, { commandId }),
      getCounts(scope),
      listTags(scope, { madeOrChangedBy: commandId }),
    ]);
    if (!result.ok) return result;
    const { data } = result;
    const left = describeLeft(data);
    const answer: UndoAnswer = {
      commandId: data.commandId,
      left,
      todos: data.todos,
      tags: data.tags ? tags : null,
      counts,
    };
    if (data.undone === 0 && left !== null) return fail("conflict", { message: left, current: answer });
    return ok(answer);
  },
  // Repeated, it answers with the command that took it back; and were two undos one command, one could take back itself.
  { ownCommand: true },
);

/** Answers with the todo as it now is, and with fresh counts. */
export const revert = action(revertInput, async (scope, input) => {
  const [result, counts] = await Promise.all([revertField(scope, input), getCounts(scope)]);
  return result.ok ? ok({ todo: result.data, counts, commandId: scope.commandId }) : result;
});
