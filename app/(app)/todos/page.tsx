import type { Metadata } from "next";
import { clockOf } from "@/app/_todos/clock";
import { FilterRow } from "@/app/_todos/filter-row";
import { ListPage } from "@/app/_todos/list-page";
import { EmptyState } from "@/app/_ui/empty-state";
import { LinkButton } from "@/app/_ui/link-button";
import { signedInPage } from "@/app/_ui/signed-in-page";
import { sharedCounts, sharedTags } from "@/app/shared-reads";
import { todoFilterToQuery } from "@/lib/todos/filter";
import { LOST_CURSOR, parseTodoFilter } from "@/lib/todos/input";
import { listTodos } from "@/lib/todos/repository";

export const metadata: Metadata = { title: "All" };

export default signedInPage<PageProps<"/todos">>(async (scope, { searchParams }) => {
  const { filter, problems } = parseTodoFilter(await searchParams);
  const readAt = Date.now();
  const [actor, page, counts, tags] = await Promise.all([
    scope.actor(),
    listTodos(scope, filter),
    sharedCounts(scope),
    sharedTags(scope),
  ]);
  const clock = clockOf(actor);
  const query = todoFilterToQuery({ ...filter, cursor: undefined });
  const narrowed = query.size > 0;
  const [tag] = filter.tags?.all ?? [];
  return (
    <ListPage
      title={tag ?? "All"}
      count={narrowed ? undefined : "open"}
      counts={counts}
      clock={clock}
      readAt={readAt}
      view={{ kind: "filter", filter }}
      page={page}
      path={narrowed ? `/todos?${query}` : "/todos"}
      first={filter.cursor === undefined || page.cursorLost}
      problems={page.cursorLost ? [...problems, LOST_CURSOR] : problems}
      knownTags={tags}
      defaults={filter.tags?.all === undefined ? {} : { tags: filter.tags.all.join(", ") }}
      empty={narrowed ? <NothingFound /> : <NothingYet />}
    >
      <FilterRow filter={filter} tags={tags} clock={clock} />
    </ListPage>
  );
});

function NothingYet() {
  return (
    <EmptyState title="Nothing to do">
      Write the first thing you must not forget into the line above.
    </EmptyState>
  );
}

function NothingFound() {
  return (
    <EmptyState
      title="Nothing matches this filter"
      action={
        <LinkButton href="/todos" prefetch={false}>
          Show all open todos
        </LinkButton>
      }
    >
      Choose a wider one, or start again from all of them.
    </EmptyState>
  );
}
