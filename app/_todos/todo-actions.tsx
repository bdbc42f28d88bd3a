"use client";

import { useActionState, type MouseEvent, type ReactNode } from "react";
import { DueText } from "@/app/_todos/due-text";
import type { Clock } from "@/app/_todos/due";
import { FormNotice } from "@/app/_ui/form-notice";
import { focusIfLost } from "@/app/_todos/focus";
import { useTodos } from "@/app/_todos/store";
import { type Verb } from "@/app/_todos/verbs";
import { verbActions } from "@/app/_todos/verb-actions";
import { Button } from "@/app/_ui/button";
import { Chip } from "@/app/_ui/chip";
import type { TodoRow, TodoStatus } from "@/lib/todos/types";

const statusNames: Record<TodoStatus, string> = {
  pending: "To do",
  in_progress: "In progress",
  completed: "Completed",
  cancelled: "Cancelled",
};

/** The steps that lead on from each status; no others are possible. */
const stepsFrom: Record<TodoStatus, Verb[]> = {
  pending: ["complete", "start", "cancel"],
  in_progress: ["complete", "cancel"],
  completed: ["reopen"],
  cancelled: ["reopen"],
};

const labels: Record<Verb, string> = {
  start: "Start",
  complete: "Complete",
  reopen: "Reopen",
  cancel: "Cancel",
  remove: "Delete",
  restore: "Restore",
};

/** How a todo stands and what can be done to it, each by its own button. */
export function TodoActions({ todo, clock }: { todo: TodoRow; clock: Clock }) {
  const trashed = todo.deletedAt !== null;
  const verbs: Verb[] = trashed ? ["restore"] : [...stepsFrom[todo.status], "remove"];
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Chip tone={trashed ? "danger" : todo.status === "in_progress" ? "accent" : undefined}>
        {trashed ? "In the trash" : statusNames[todo.status]}
      </Chip>
      <span className="text-meta">
        <DueText todo={todo} clock={clock} />
      </span>
      <div role="group" aria-label="Actions" className="ml-auto flex flex-wrap items-center gap-2">
        {verbs.map((verb) => (
          <VerbButton key={verb} verb={verb} todo={todo}>
            {labels[verb]}
          </VerbButton>
        ))}
      </div>
    </div>
  );
}

function VerbButton({ verb, todo, children }: { verb: Verb; todo: TodoRow; children: ReactNode }) {
  const { perform } = useTodos();
  const [sent, formAction] = useActionState(verbActions[verb], null);

  function handleClick(event: MouseEvent<HTMLElement>) {
    event.preventDefault();
    const group = event.currentTarget.closest<HTMLElement>("[role=group]");
    void perform(verb, todo);
    focusIfLost(() => group?.querySelector("button"));
  }
  return (
    <form action={formAction} className="contents">
      {sent?.ok === false && (
        <div className="basis-full">
          <FormNotice state={sent} />
        </div>
      )}
      <input type="hidden" name="id" value={todo.id} />
      <Button
        type="submit"
        size="small"
        variant={verb === "remove" || verb === "cancel" ? "quiet" : "secondary"}
        onClick={handleClick}
      >
        {children}
      </Button>
    </form>
  );
}
