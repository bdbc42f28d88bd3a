import type { ReactNode } from "react";
import { AddLine } from "@/app/_todos/add-line";
import type { DraftDefaults } from "@/app/_todos/draft";
import type { Clock } from "@/app/_todos/due";
import { ListHeader, type HeaderCount } from "@/app/_todos/list-header";
import { PageLinks } from "@/app/_todos/page-links";
import { Problems } from "@/app/_todos/problems";
import { TodoList } from "@/app/_todos/todo-list";
import type { ListView } from "@/app/_todos/views";
import { PageColumn } from "@/app/_ui/page-column";
import type { TagRow } from "@/lib/tags/types";
import type { Counts, TodoPage } from "@/lib/todos/types";

type ListPageProps = {
  title: string;
  count: HeaderCount;
  counts: Counts;
  clock: Clock;
  /** Milliseconds since the epoch, taken before the page was read. */
  readAt: number;
  view: ListView;
  page: TodoPage;
  /** The address of the list's beginning, without a cursor. */
  path: string;
  /** Whether this is the list's beginning. */
  first: boolean;
  /** What of the address could not be understood. */
  problems: readonly string[];
  knownTags: readonly TagRow[];
  defaults?: DraftDefaults;
  empty: ReactNode;
  /** What stands between the title and the line that adds. */
  children?: ReactNode;
};

/** A page that is a list of todos: title, line to add, rows, and the way to the next ones. */
export function ListPage({ page, first, problems, children, ...props }: ListPageProps) {
  const { title, count, counts, clock, readAt, view, path, knownTags, defaults, empty } = props;
  return (
    <PageColumn>
      <ListHeader title={title} count={count} counts={counts} clock={clock} readAt={readAt} />
      <Problems problems={problems} />
      {children}
      <AddLine
        view={view}
        clock={clock}
        first={first}
        knownTags={knownTags}
        {...(defaults && { defaults })}
      />
      <TodoList
        rows={page.rows}
        readAt={readAt}
        view={view}
        clock={clock}
        first={first}
        label={title}
        empty={empty}
      />
      <PageLinks path={path} first={first} nextCursor={page.nextCursor} />
    </PageColumn>
  );
}
