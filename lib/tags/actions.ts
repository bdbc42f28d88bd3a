"use server";

import { action } from "../action";
import type { Scope } from "../db/scope";
import { ok, type Result } from "../result";
import { newTagInput, tagEditInput, tagIdInput, tagMergeInput } from "./input";
import * as repository from "./repository";
import type { TagRow } from "./types";

/** Each answers with all the tags as they are after it, and with the command that undoing takes. */
export const createTag = action(newTagInput, (scope, input) =>
  // Its form carries no id: called as its command is, it is the same tag when it is sent again.
  andTags(scope, repository.createTag(scope, { id: scope.commandId, ...input })),
);

export const updateTag = action(tagEditInput, (scope, input) =>
  andTags(scope, repository.updateTag(scope, input)),
);

export const deleteTag = action(tagIdInput, (scope, input) =>
  andTags(scope, repository.deleteTag(scope, input)),
);

export const mergeTags = action(tagMergeInput, (scope, input) =>
  andTags(scope, repository.mergeTags(scope, input)),
);

/** Asked for in the write's own tick, the list travels in its batch and sees what it wrote. */
async function andTags(
  scope: Scope,
  write: Promise<Result<unknown>>,
): Promise<Result<{ tags: TagRow[]; commandId: string }>> {
  const [result, tags] = await Promise.all([write, repository.listTags(scope)]);
  return result.ok ? ok({ tags, commandId: scope.commandId }) : result;
}
