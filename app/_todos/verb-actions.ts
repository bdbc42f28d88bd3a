import type { Verb } from "@/app/_todos/verbs";
import { cancel, complete, remove, reopen, restore, start } from "@/lib/todos/actions";

/** The action that carries out each verb. Apart from the words, so that those are tested without a server. */
export const verbActions = { start, complete, reopen, cancel, remove, restore } satisfies Record<
  Verb,
  unknown
>;
