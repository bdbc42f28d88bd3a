"use client";

import { usePathname } from "next/navigation";
import { useId, type ReactNode } from "react";
import type { Clock } from "@/app/_todos/due";
import { useRowForms } from "@/app/_todos/row-forms";
import { isOpen } from "@/app/_todos/status";
import { useTodosState } from "@/app/_todos/store";
import { TodoRow, type RowMarks } from "@/app/_todos/todo-row";
import { groupByDay, groupToday, listRows, type Group, type Listed, type ListView } from "@/app/_todos/views";
import type { TodoRow as Todo } from "@/lib/todos/types";

type TodoListProps = {
  /** The page's rows, in the order in which they are shown. */
  rows: readonly Todo[];
  /** Milliseconds since the epoch, taken before the rows were read. */
  readAt: number;
  view: ListView;
  clock: Clock;
  /** Whether these are the first rows of the list: what is added meanwhile is shown there. */
  first?: boolean;
  /** The name of the list for assistive technology, where no heading gives it one. */
  label: string;
  /** By the todo's id. */
  marks?: Readonly<Record<string, RowMarks>>;
  /** What stands in the place of the rows while there are none. */
  empty: ReactNode;
};

/**
 * The rows of a list of todos, kept true after every click: in groups for Today and Upcoming, else as one list. Any page
 * may show one, with `view={{ kind: "fixed" }}` when it takes in nothing new.
 */
export function TodoList({
  rows,
  readAt,
  view,
  clock,
  first = true,
  label,
  marks = {},
  empty,
}: TodoListProps) {
  const { ids, forms } = useRowForms();
  const path = usePathname();
  const listed = listRows(useTodosState(), { rows, readAt, first }, view, clock);
  const show = (row: Listed) => (
    <TodoRow
      key={row.todo.id}
      todo={row.todo}
      adding={row.adding}
      open={path === `/todos/${row.todo.id}`}
      beside={path.startsWith("/todos/")}
      clock={clock}
      forms={ids}
      marks={marks[row.todo.id]}
    />
  );
  const groups = groupsOf(listed, view, clock);
  return (
    <div data-slot="todo-list" className="@container">
      {forms}
      {listed.length === 0 && empty}
      {groups?.map((group) => (
        <GroupOfRows key={group.key} group={group} late={group.key === "overdue"}>
          {group.rows.map(show)}
        </GroupOfRows>
      ))}
      {groups === null && listed.length > 0 && <ul aria-label={label}>{listed.map(show)}</ul>}
    </div>
  );
}

function groupsOf(listed: readonly Listed[], view: ListView, clock: Clock): Group[] | null {
  if (view.kind === "today") return groupToday(listed, clock);
  return view.kind === "upcoming" ? groupByDay(listed, clock) : null;
}

function GroupOfRows({ group, late, children }: { group: Group; late: boolean; children: ReactNode }) {
  const id = useId();
  const left = group.rows.filter(({ todo }) => isOpen(todo.status)).length;
  return (
    <section aria-labelledby={id} className="mt-5 border-t border-line pt-3 first-of-type:mt-2">
      <h2 id={id} className="pb-1 text-meta font-strong text-soft">
        {group.heading}
        <span className={late ? "pl-2 font-normal text-danger" : "pl-2 font-normal text-faint"}>{left}</span>
      </h2>
      <ul aria-labelledby={id}>{children}</ul>
    </section>
  );
}
