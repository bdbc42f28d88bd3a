import type { TodosEvent } from "@/app/_todos/reducer";
import { followTodo, receiveTags } from "@/app/_tags/store";
import { send } from "@/app/_ui/send";
import type { useToasts } from "@/app/_ui/toasts";
import { undo as undoAction } from "@/lib/audit/actions";
import type { UndoAnswer } from "@/lib/audit/types";
import type { Failure } from "@/lib/result";
import type { TodoRow } from "@/lib/todos/types";

/** Something that was done on this page and can be taken back. */
export type Step = {
  /** What was done, as a message says it: “Completed “Buy milk””. */
  words: string;
  /** The command that did it, when the server has answered; null when it was refused. */
  command: Promise<string | null>;
  /** The todo as the step left it, for what it was done to one, and the part of it that taking it back changes. */
  row?: TodoRow;
  back?: Partial<TodoRow>;
  /** The message that offers to take it back. */
  toast?: number;
  /** Whether the step took back another one: then taking it back is doing that again. */
  undid?: boolean;
};

type Surroundings = {
  toasts: ReturnType<typeof useToasts>;
  dispatch: (event: TodosEvent) => void;
  patch: (row: TodoRow, patch: Partial<TodoRow>) => number;
  refuse: (key: number) => void;
  tellRefusal: (sentence: string, failure: Failure, tryAgain: () => void) => void;
};

/** More than anyone takes back by hand. */
const maximumSteps = 100;

/**
 * Remembers what was done since the page was opened, and takes it back, the last thing first. It is the server that
 * does; the screen shows it at once. A step that was taken back can be done again until something else is done.
 */
export function createUndo({ toasts, dispatch, patch, refuse, tellRefusal }: Surroundings) {
  let steps: Step[] = [];

  function remember(step: Step): Step {
    // What was taken back before is not done again after something new.
    const kept = step.undid ? steps : steps.filter(({ undid }) => !undid);
    steps = [...kept, step].slice(-maximumSteps);
    return step;
  }

  function forget(step: Step) {
    steps = steps.filter((one) => one !== step);
  }

  /** Says that it was done, with an Undo beside it. */
  function tell(step: Step) {
    step.toast = toasts.show({
      text: step.undid ? `Undone: ${step.words}` : step.words,
      action: { label: step.undid ? "Redo" : "Undo", run: () => takeBack(step) },
    });
  }

  /** Forgets a step that did not happen after all. */
  function withdraw(step: Step) {
    forget(step);
    if (step.toast !== undefined) toasts.dismiss(step.toast);
  }

  /** Takes over what the server answered to an undo. */
  function receiveUndone({ todos, tags, counts }: UndoAnswer, key?: number, row?: TodoRow) {
    dispatch({ type: "answered", row: null, counts, ...(key !== undefined && { key }) });
    for (const todo of todos) {
      dispatch({ type: "answered", row: todo, counts });
      if (todo.id === row?.id) followTodo(row, todo);
    }
    if (tags !== null) receiveTags(tags);
  }

  async function takeBack(step: Step) {
    const { words, row, back } = step;
    withdraw(step);
    const key = row && back && patch(row, back);
    const answered = step.command.then((commandId) =>
      commandId === null ? null : send(undoAction, { commandId }),
    );
    const next: Step = {
      words,
      undid: !step.undid,
      command: answered.then((answer) => (answer?.ok ? answer.data.commandId : null)),
      ...(row && back && { row: { ...row, ...back }, back: partOf(row, back) }),
    };
    steps = [...steps, next];
    tell(next);
    const answer = await answered;
    if (answer?.ok) {
      receiveUndone(answer.data, key, row);
      if (answer.data.left !== null) toasts.show({ text: answer.data.left });
      return;
    }
    withdraw(next);
    if (key !== undefined) refuse(key);
    if (answer?.current) receiveUndone(answer.current);
    if (answer === null) return; // What was to be taken back was refused, and that was said.
    if (answer.code !== "not_found" && answer.code !== "conflict") steps = [...steps, step];
    tellRefusal(`Could not ${step.undid ? "redo" : "undo"} this.`, answer, () => void takeBack(step));
  }

  return {
    remember,
    tell,
    withdraw,
    receiveUndone,
    takeBack,
    /** Takes back the last step that was done, or does again the one that was taken back last. */
    last(redo: boolean) {
      const step = steps.findLast(({ undid }) => redo === (undid === true));
      if (step) void takeBack(step);
    },
  };
}

/** As much of a todo as a change of it has. */
export function partOf(row: TodoRow, change: Partial<TodoRow>): Partial<TodoRow> {
  const keys = Object.keys(change) as (keyof TodoRow)[]; // A change has no other keys than a row.
  return Object.fromEntries(keys.map((key) => [key, row[key]]));
}

/** Ctrl/Cmd+Z, and with Shift; null for every other key. */
export function undoKey({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): "undo" | "redo" | null {
  if (!(ctrlKey || metaKey) || altKey || key.toLowerCase() !== "z") return null;
  return shiftKey ? "redo" : "undo";
}
