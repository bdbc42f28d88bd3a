import type { Metadata } from "next";
import { ProblemPlace } from "@/app/_query/problem-place";
import { clockOf } from "@/app/_todos/clock";
import { FilterRow } from "@/app/_todos/filter-row";
import { filterWords } from "@/app/_todos/filter-words";
import { ListPage } from "@/app/_todos/list-page";
import { EmptyState } from "@/app/_ui/empty-state";
import { LinkButton } from "@/app/_ui/link-button";
import { signedInPage } from "@/app/_ui/signed-in-page";
import { sharedCounts, sharedTags } from "@/app/shared-reads";
import { statusOf, todoFilterToQuery } from "@/lib/todos/filter";
import { LOST_CURSOR, parseTodoFilter } from "@/lib/todos/input";
import { countTodos, listTodos } from "@/lib/todos/repository";

export const metadata: Metadata = { title: "All" };

export default signedInPage<PageProps<"/todos">>(async (scope, { searchParams }) => {
  const { filter, problems, typed } = parseTodoFilter(await searchParams);
  const address = todoFilterToQuery({ ...filter, cursor: undefined });
  const narrowed = isNarrowed(address);
  if (typed !== undefined) address.set("q", typed.text.trimStart());
  const readAt = Date.now();
  const [actor, page, counts, tags, found] = await Promise.all([
    scope.actor(),
    listTodos(scope, filter),
    sharedCounts(scope),
    sharedTags(scope),
    narrowed ? countTodos(scope, filter) : null,
  ]);
  const clock = clockOf(actor);
  const [tag] = filter.tags?.all ?? [];
  const problem = typed?.problem ?? null;
  return (
    <ListPage
      title={tag ?? "All"}
      count={found === null ? "open" : { found }}
      counts={counts}
      clock={clock}
      readAt={readAt}
      view={{ kind: "filter", filter }}
      page={page}
      path={address.size > 0 ? `/todos?${address}` : "/todos"}
      first={filter.cursor === undefined || page.cursorLost}
      problems={page.cursorLost ? [...problems, LOST_CURSOR] : problems}
      knownTags={tags}
      defaults={filter.tags?.all === undefined ? {} : { tags: filter.tags.all.join(", ") }}
      empty={narrowed ? <NothingFound /> : <NothingYet />}
    >
      <FilterRow
        address={address.toString()}
        standardStatus={statusOf({ query: filter.query })}
        words={filterWords(filter, clock.today)}
        problem={problem?.message ?? null}
        place={typed && problem && <ProblemPlace text={typed.text} problem={problem} />}
        tags={tags}
      />
    </ListPage>
  );
});

/** Whether an address asks for less than all open todos; their order does not matter. */
function isNarrowed(address: URLSearchParams): boolean {
  return [...address.keys()].some((name) => name !== "sort" && name !== "direction");
}

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
