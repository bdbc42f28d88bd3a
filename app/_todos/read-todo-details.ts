import { cache } from "react";
import { clockOf } from "@/app/_todos/clock";
import { getHistory } from "@/lib/audit/repository";
import type { Scope } from "@/lib/db/scope";
import { requestScope } from "@/lib/request";
import { listTags } from "@/lib/tags/repository";
import { getTodo } from "@/lib/todos/repository";

/** A todo, read once for a page's title and its content. */
export const readTodo = cache(async (id: string) => getTodo(await requestScope(), id));

/** All that a todo's page, or the panel, shows; null for what is not there or not theirs. */
export async function readTodoDetails(scope: Scope, id: string) {
  const [actor, todo, history, tags] = await Promise.all([
    scope.actor(),
    readTodo(id),
    getHistory(scope, id),
    listTags(scope),
  ]);
  return todo && { todo, history, tags, clock: clockOf(actor), timeZone: actor.timeZone };
}

export type TodoDetailsData = NonNullable<Awaited<ReturnType<typeof readTodoDetails>>>;
