import type { QueryProblem } from "./types";

/** Thrown within lib/query and caught by parseQuery, which gives it to its caller as a value. */
export class InvalidQuery extends Error {
  constructor(readonly problem: QueryProblem) {
    super(problem.message);
  }
}

/** Says that a text is no query, in one sentence a person can act on, and which stretch of it is meant. */
export function refuse(message: string, { from, to }: { from: number; to: number }): never {
  throw new InvalidQuery({ message, from, to });
}

/** Somebody's text for a sentence of ours: not too much of it, and nothing that is not drawn. */
export function quoted(text: string): string {
  const drawn = text.replaceAll(/\p{C}/gu, "\ufffd");
  return `"${drawn.length > 40 ? `${drawn.slice(0, 39)}…` : drawn}"`;
}

/** "a, b or c" */
export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
