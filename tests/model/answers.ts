import type { LeftRow } from "@/lib/audit/types";
import type { Result } from "@/lib/result";
import type { TodoRow } from "@/lib/todos/types";
import { shownAs } from "./bulk";
import type { Answer } from "./outcome";
import { tagNamesOf, type State, type TodoState } from "./state";

/** What an answer says, in a form in which the app's and the model's are the same text. */
export function readAnswer(result: Result<unknown>): string {
  const code = result.ok ? "ok" : result.code;
  const row = Object(result.ok ? result.data : result.current) as Record<string, unknown>;
  if ("undone" in row || "changed" in row) {
    const reasons = (row.left as Pick<LeftRow, "reason">[]).map(({ reason }) => reason).toSorted();
    const shown = (row.rows as TodoRow[] | undefined)?.map(shownAs).toSorted();
    return view(code, { ...row, reasons, ...(shown && { shown }) });
  }
  if ("added" in row) return view(code, { ...row, bad: numbersOf(row.bad) });
  const bad = result.ok ? [] : numbersOf(result.fields);
  if (bad.length > 0) return view(code, { bad });
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
  const { code, todo, tag } = answer;
  const counted = answer.undone ?? answer.bulk ?? answer.inserted;
  if (counted !== undefined) return view(code, counted);
  if (todo !== undefined) {
    const current: TodoState = state.todos[todo.id] ?? todo;
    const completed = current.completedBy !== null;
    const deleted = current.deletedBy !== null;
    return view(code, { ...current, completed, deleted, tags: tagNamesOf(state, current) });
  }
  return view(code, tag === undefined ? {} : { ...state.tags[tag] });
}

/** The numbers of an import's rows in the names of fields such as "3.title". */
function numbersOf(fields: unknown): number[] {
  const numbers = Object.keys(Object(fields)).map((name) => Number.parseInt(name, 10));
  return [...new Set(numbers)].filter((number) => number > 0).toSorted((a, b) => a - b);
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
  "commandId",
  "undone",
  "changed",
  "unchanged",
  "reasons",
  "shown",
  "added",
  "known",
  "bad",
];

function view(code: string, row: object): string {
  const isTag = "colour" in row;
  const shown = SHOWN.filter((name) => name in row && !(isTag && name === "organizationId"));
  const values = Object.fromEntries(shown.map((name) => [name, Reflect.get(row, name)]));
  return `${code} ${JSON.stringify(values)}`;
}
