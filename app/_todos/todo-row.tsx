"use client";

import Link from "next/link";
import { memo, type MouseEvent, type ReactNode } from "react";
import type { Clock } from "@/app/_todos/due";
import { DueText } from "@/app/_todos/due-text";
import { useOpening } from "@/app/_todos/panel-host";
import { placeBeside } from "@/app/_todos/focus";
import { priorityName, ringPriority } from "@/app/_todos/priority";
import type { RowFormIds } from "@/app/_todos/row-forms";
import { useTodos } from "@/app/_todos/store";
import { TagChips } from "@/app/_todos/tag-chips";
import { isOpen } from "@/app/_todos/status";
import { CheckRing } from "@/app/_ui/check-ring";
import { Chip } from "@/app/_ui/chip";
import { cx } from "@/app/_ui/cx";
import { TrashIcon } from "@/app/_ui/icons";
import { IconButton } from "@/app/_ui/icon-button";
import type { TodoRow as Todo } from "@/lib/todos/types";

/** What a list has to show of a row beside the todo itself: where the words that were looked for stand. */
export type RowMarks = {
  /** The title with its marks. */
  title: ReactNode;
  /** The matching places of the description. */
  excerpt?: ReactNode;
};

type TodoRowProps = {
  todo: Todo;
  /** While it is only in the browser. */
  adding: boolean;
  /** While it is shown in the panel. */
  open: boolean;
  /** While some todo is shown in the panel. */
  beside: boolean;
  clock: Clock;
  forms: RowFormIds;
  marks?: RowMarks | undefined;
};

/**
 * A todo in a list. Its two controls send forms that stand beside the list, so that they work without script; with
 * script the click is taken over and painted at once. Memoised, because a click on one row draws the list anew.
 */
export const TodoRow = memo(function TodoRow({
  todo,
  adding,
  open,
  beside,
  clock,
  forms,
  marks,
}: TodoRowProps) {
  const { perform } = useTodos();
  const completed = todo.status === "completed";

  function handleCheck(event: MouseEvent) {
    event.preventDefault();
    void perform(completed ? "reopen" : "complete", todo);
  }
  function handleDelete(event: MouseEvent<HTMLElement>) {
    event.preventDefault();
    placeBeside(event.currentTarget)?.focus();
    void perform("remove", todo);
  }

  return (
    <li data-slot="todo-row" className={cx("todo-row", adding && "opacity-60", open && "bg-hover")}>
      <CheckRing
        checked={completed}
        priority={ringPriority(todo.priority)}
        label={`Complete ${todo.title}`}
        form={completed ? forms.reopen : forms.complete}
        name="id"
        value={todo.id}
        onClick={handleCheck}
      />
      <div className="todo-body">
        <span className="todo-line">
          <Title todo={todo} adding={adding} open={open} beside={beside} marked={marks?.title} />
          {todo.priority > 0 && <span className="sr-only">{`Priority ${priorityName(todo.priority)}`}</span>}
          {todo.hasDescription && <span role="img" aria-label="Has a description" className="note-mark" />}
        </span>
        <Meta todo={todo} clock={clock} />
        {marks?.excerpt !== undefined && (
          <p className="line-clamp-2 w-full text-meta text-faint">{marks.excerpt}</p>
        )}
      </div>
      <IconButton
        icon={TrashIcon}
        label={`Delete ${todo.title}`}
        type="submit"
        form={forms.remove}
        name="id"
        value={todo.id}
        onClick={handleDelete}
      />
    </li>
  );
});

type TitleProps = { todo: Todo; adding: boolean; open: boolean; beside: boolean; marked: ReactNode };

function Title({ todo, adding, open, beside, marked }: TitleProps) {
  const opening = useOpening();
  const look = isOpen(todo.status) ? "todo-title" : "todo-title text-faint";
  // It leads nowhere before the server has it.
  if (adding)
    return (
      <span dir="auto" className={look}>
        {todo.title}
      </span>
    );
  return (
    <Link
      href={`/todos/${todo.id}`}
      prefetch={false}
      scroll={false}
      // One step back closes the panel, however many todos were looked at.
      replace={beside}
      aria-current={open || undefined}
      onNavigate={() => opening(todo.title)}
      dir="auto"
      title={todo.title}
      className={look}
    >
      {marked ?? todo.title}
    </Link>
  );
}

function Meta({ todo, clock }: { todo: Todo; clock: Clock }) {
  const status = { in_progress: "In progress", cancelled: "Cancelled", pending: null, completed: null }[
    todo.status
  ];
  if (status === null && todo.dueDate === null && todo.tags.length === 0) return null;
  return (
    <span className="todo-meta">
      {status !== null && (
        <Chip tone={todo.status === "in_progress" ? "accent" : undefined} className="shrink-0">
          {status}
        </Chip>
      )}
      <TagChips tags={todo.tags} />
      <DueText todo={todo} clock={clock} />
    </span>
  );
}
