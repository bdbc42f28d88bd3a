"use client";

import { useActionState, useId, useRef, useState, type MouseEvent, type ReactNode } from "react";
import { dayOf, formatDayWithin, type Clock } from "@/app/_todos/due";
import { focusIfLost, placeBeside } from "@/app/_todos/focus";
import { FormNotice } from "@/app/_ui/form-notice";
import { useTodos, useTodosState } from "@/app/_todos/store";
import { quoted } from "@/app/_todos/verbs";
import { listRows } from "@/app/_todos/views";
import { Button } from "@/app/_ui/button";
import { Dialog } from "@/app/_ui/dialog";
import { RestoreIcon, TrashIcon } from "@/app/_ui/icons";
import { IconButton } from "@/app/_ui/icon-button";
import { restore } from "@/lib/todos/actions";
import type { TodoRow } from "@/lib/todos/types";

type TrashListProps = {
  rows: readonly TodoRow[];
  readAt: number;
  clock: Clock;
  timeZone: string;
  first: boolean;
  empty: ReactNode;
};

/**
 * What was deleted and can be restored. Without script the restore form sends at once, and deleting for ever leads to a
 * page that asks; with script a dialog does.
 */
export function TrashList({ rows, readAt, clock, timeZone, first, empty }: TrashListProps) {
  const id = useId();
  const [restored, restoreAction] = useActionState(restore, null);
  const { perform, purgeForEver } = useTodos();
  const [asking, setAsking] = useState<TodoRow | null>(null);
  const asker = useRef<HTMLElement | null>(null);
  const listed = listRows(useTodosState(), { rows, readAt, first }, { kind: "trash" }, clock);

  function handleRestore(event: MouseEvent<HTMLElement>, todo: TodoRow) {
    event.preventDefault();
    placeBeside(event.currentTarget)?.focus();
    void perform("restore", todo);
  }
  function handleAsk(event: MouseEvent<HTMLElement>, todo: TodoRow) {
    event.preventDefault();
    asker.current = event.currentTarget;
    setAsking(todo);
  }
  function handlePurge(todo: TodoRow) {
    const next = asker.current && placeBeside(asker.current);
    setAsking(null);
    void purgeForEver(todo);
    // Not before: while the dialog is open, nothing else takes the focus.
    focusIfLost(() => next);
  }

  return (
    <div data-slot="trash-list" className="@container">
      <form id={`${id}-restore`} action={restoreAction} hidden />
      <form id={`${id}-purge`} action="/trash" hidden />
      {restored?.ok === false && <FormNotice state={restored} />}
      {listed.length === 0 && empty}
      {listed.length > 0 && (
        <ul aria-label="Trash">
          {listed.map(({ todo }) => (
            <li
              key={todo.id}
              data-slot="trash-row"
              className="-mx-2 flex min-h-row items-center gap-x-1 rounded-control pr-1 pl-2 hover:bg-hover"
            >
              <div className="flex min-w-0 flex-1 flex-col py-1 @lg:flex-row @lg:items-center @lg:gap-3">
                <span dir="auto" className="min-w-0 flex-1 truncate text-soft" title={todo.title}>
                  {todo.title}
                </span>
                {todo.deletedAt !== null && (
                  <time dateTime={todo.deletedAt.toISOString()} className="text-meta text-faint">
                    Deleted {formatDayWithin(dayOf(todo.deletedAt, timeZone), clock.today)}
                  </time>
                )}
              </div>
              <IconButton
                icon={RestoreIcon}
                label={`Restore ${todo.title}`}
                type="submit"
                form={`${id}-restore`}
                name="id"
                value={todo.id}
                onClick={(event) => handleRestore(event, todo)}
              />
              <IconButton
                icon={TrashIcon}
                label={`Delete ${todo.title} for ever`}
                type="submit"
                form={`${id}-purge`}
                name="purge"
                value={todo.id}
                onClick={(event) => handleAsk(event, todo)}
              />
            </li>
          ))}
        </ul>
      )}
      <Dialog open={asking !== null} onClose={() => setAsking(null)} title="Delete for ever?">
        {asking !== null && (
          <>
            <p className="wrap-anywhere">
              {quoted(asking.title)} will be gone for ever. This cannot be undone.
            </p>
            <div className="flex justify-end gap-2 pt-4">
              <Button onClick={() => setAsking(null)}>Keep it</Button>
              <Button variant="danger" onClick={() => handlePurge(asking)}>
                Delete for ever
              </Button>
            </div>
          </>
        )}
      </Dialog>
    </div>
  );
}
