"use client";

import { createContext, use, useEffect, useReducer, useState, type ReactNode } from "react";
import { followTodo } from "@/app/_tags/store";
import type { Clock } from "@/app/_todos/due";
import {
  currentCounts,
  currentRow,
  noTodos,
  todosReducer,
  type Change,
  type HeldDraft,
  type TodosEvent,
  type TodosState,
} from "@/app/_todos/reducer";
import { isPassing, send, signInAgain } from "@/app/_ui/send";
import { createUndo, partOf, undoKey } from "@/app/_todos/undo";
import { doneWords, patchOf, quoted, refusedWords, type Verb } from "@/app/_todos/verbs";
import { verbActions } from "@/app/_todos/verb-actions";
import { isTyping } from "@/app/_ui/typing";
import { useToasts } from "@/app/_ui/toasts";
import type { ToastAction } from "@/app/_ui/toast-state";
import type { ActionState } from "@/lib/action";
import type { UndoAnswer } from "@/lib/audit/types";
import type { Failure } from "@/lib/result";
import { addTodo, purge } from "@/lib/todos/actions";
import type { Counts, NewTodo, TodoRow, Written } from "@/lib/todos/types";

type Commands = {
  /** Does something to a todo: at once on the screen, then on the server, with an Undo beside it. */
  perform: (verb: Verb, todo: TodoRow) => Promise<Failure | null>;
  /** Adds a todo; `row` stands for it until the server has answered. Gives the todo as it was stored, or the refusal. */
  add: (input: NewTodo, row: TodoRow) => Promise<ActionState<Written>>;
  /** Keeps a todo that was not added; the line that adds todos shows it, on whatever page. */
  hold: (draft: HeldDraft) => void;
  release: (id: string) => void;
  /** Deletes a todo of the trash for ever. */
  purgeForEver: (todo: TodoRow) => Promise<Failure | null>;
  /** Takes over what the server answered to an edit that was not asked through here, so that it can be undone. */
  receive: (before: TodoRow, written: Written) => void;
  /** Says that something else was done, with an Undo beside it. */
  tellDone: (words: string, commandId: string) => void;
  /** Takes over what the server answered to an undo that was not asked through here. */
  receiveUndone: (undone: UndoAnswer) => void;
  /** Takes back the last thing that was done on this page, or does again what was taken back last. */
  undoLast: (redo: boolean) => void;
  receivePage: (counts: Counts, readAt: number) => void;
  /** Has a sentence read out that nothing on the screen says. */
  announce: (sentence: string) => void;
};

const StateContext = createContext<TodosState | null>(null);
const CommandsContext = createContext<Commands | null>(null);

/**
 * Keeps what the browser knows of todos beyond the page's own rows, across navigations. What a click does is laid over
 * the rows at once; the answer confirms it or takes it back. No transition is involved: a click must paint now, and a
 * slow answer must not hold up a navigation.
 */
export function TodosProvider({ children }: { children: ReactNode }) {
  const [state, dispatch] = useReducer(todosReducer, noTodos);
  const [announcement, setAnnouncement] = useState("");
  const toasts = useToasts();
  const [commands] = useState(() => createCommands(dispatch, toasts, setAnnouncement));
  const unfinished = state.pending.length > 0 || state.held.length > 0;

  useEffect(() => {
    if (!unfinished) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [unfinished]);

  useEffect(() => {
    function handleKeyDown(event: KeyboardEvent) {
      const key = undoKey(event);
      if (key === null || isTyping(event.target)) return;
      event.preventDefault();
      commands.undoLast(key === "redo");
    }
    document.addEventListener("keydown", handleKeyDown);
    return () => document.removeEventListener("keydown", handleKeyDown);
  }, [commands]);

  return (
    <CommandsContext value={commands}>
      <StateContext value={state}>
        {children}
        <p role="status" className="sr-only">
          {announcement}
        </p>
      </StateContext>
    </CommandsContext>
  );
}

let lastKey = 0;

function createCommands(
  dispatch: (event: TodosEvent) => void,
  toasts: ReturnType<typeof useToasts>,
  announce: (sentence: string) => void,
): Commands {
  function ask(id: string, change: Change): number {
    lastKey += 1;
    dispatch({ type: "asked", pending: { key: lastKey, id, change } });
    return lastKey;
  }

  function refuse(key: number, failure: Failure) {
    dispatch({ type: "refused", key, gone: failure.code === "not_found" });
  }

  function tellRefusal(sentence: string, failure: Failure, tryAgain: () => void) {
    toasts.show({
      tone: "danger",
      text: `${sentence} ${failure.message}`,
      ...withAction(failure, tryAgain),
    });
  }

  const history = createUndo({
    toasts,
    dispatch,
    tellRefusal,
    patch: (before, patch) => ask(before.id, { kind: "patch", before, patch }),
    refuse: (key) => dispatch({ type: "refused", key, gone: false }),
  });

  async function perform(verb: Verb, todo: TodoRow): Promise<Failure | null> {
    const patch = patchOf(verb, new Date());
    const key = ask(todo.id, { kind: "patch", before: todo, patch });
    const answered = send(verbActions[verb], { id: todo.id });
    const step = history.remember({
      words: doneWords(verb, todo.title),
      command: answered.then((answer) => (answer.ok ? answer.data.commandId : null)),
      row: { ...todo, ...patch },
      back: partOf(todo, patch),
    });
    history.tell(step);
    const answer = await answered;
    if (answer.ok) {
      dispatch({ type: "answered", key, row: answer.data.todo, counts: answer.data.counts });
      followTodo(todo, answer.data.todo);
      return null;
    }
    history.withdraw(step);
    refuse(key, answer);
    tellRefusal(refusedWords(verb, todo.title), answer, () => void perform(verb, todo));
    return answer;
  }

  async function purgeForEver(todo: TodoRow): Promise<Failure | null> {
    const key = ask(todo.id, { kind: "purge", before: todo });
    const answer = await send(purge, { id: todo.id });
    if (answer.ok) dispatch({ type: "purged", key, counts: answer.data.counts });
    else refuse(key, answer);
    // Not there any more is what was wanted.
    if (answer.ok || answer.code === "not_found") {
      toasts.show({ text: `Deleted ${quoted(todo.title)} for ever` });
      return null;
    }
    tellRefusal(`Could not delete ${quoted(todo.title)} for ever.`, answer, () => void purgeForEver(todo));
    return answer;
  }

  return {
    perform,
    async add(input, row) {
      const key = ask(row.id, { kind: "add", row });
      const answer = await send(addTodo, input);
      if (answer.ok) {
        dispatch({ type: "answered", key, row: answer.data.todo, counts: answer.data.counts });
        followTodo(null, answer.data.todo);
        const words = `Added ${quoted(answer.data.todo.title)}`;
        announce(words);
        history.remember({
          words,
          command: Promise.resolve(answer.data.commandId),
          row: answer.data.todo,
          back: { deletedAt: new Date() },
        });
      } else {
        dispatch({ type: "refused", key, gone: false });
      }
      return answer;
    },
    purgeForEver,
    hold: (draft) => dispatch({ type: "held", draft }),
    release: (id) => dispatch({ type: "released", id }),
    receive(before, { todo, counts, commandId }) {
      dispatch({ type: "answered", row: todo, counts });
      followTodo(before, todo);
      history.remember({
        words: `Saved ${quoted(todo.title)}`,
        command: Promise.resolve(commandId),
        row: todo,
        back: editedPart(before),
      });
    },
    tellDone(words, commandId) {
      history.tell(history.remember({ words, command: Promise.resolve(commandId) }));
    },
    receiveUndone: (undone) => history.receiveUndone(undone),
    undoLast: (redo) => history.last(redo),
    receivePage: (counts, readAt) => dispatch({ type: "page_read", counts, at: readAt }),
    announce,
  };
}

/** What an edit can have changed of a row. */
function editedPart({ title, hasDescription, priority, dueDate, dueTime, scheduledFor, tags }: TodoRow) {
  return { title, hasDescription, priority, dueDate, dueTime, scheduledFor, tags };
}

function withAction(failure: Failure, tryAgain: () => void): { action?: ToastAction } {
  if (failure.code === "signed_out") return { action: { label: "Sign in", run: signInAgain } };
  return isPassing(failure) ? { action: { label: "Try again", run: tryAgain } } : {};
}

/** What the browser knows of todos, for listRows and currentRow. */
export function useTodosState(): TodosState {
  const state = use(StateContext);
  if (state === null) throw new Error("Todos are shown inside a TodosProvider.");
  return state;
}

/** What can be done to todos. */
export function useTodos(): Commands {
  const commands = use(CommandsContext);
  if (commands === null) throw new Error("Todos are shown inside a TodosProvider.");
  return commands;
}

/** A page's todo as it stands now; null when it is gone. */
export function useCurrentTodo(todo: TodoRow): TodoRow | null {
  return currentRow(useTodosState(), todo);
}

/**
 * The counts as they stand now.
 * @param page the counts that came with the page
 */
export function useCounts(page: Counts, clock: Clock): Counts {
  return currentCounts(useTodosState(), page, clock);
}

/** Lets the counts that a page brought replace older ones, in the sidebar too. */
export function usePageCounts(counts: Counts, readAt: number) {
  const { receivePage } = useTodos();
  useEffect(() => receivePage(counts, readAt), [receivePage, counts, readAt]);
}
