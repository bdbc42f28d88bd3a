import type { Metadata } from "next";
import { clockOf } from "@/app/_todos/clock";
import { addDays } from "@/app/_todos/due";
import { ListPage } from "@/app/_todos/list-page";
import { EmptyState } from "@/app/_ui/empty-state";
import { signedInPage } from "@/app/_ui/signed-in-page";
import { sharedCounts, sharedTags } from "@/app/shared-reads";
import { LOST_CURSOR, parseTodoFilter } from "@/lib/todos/input";
import { listTodos } from "@/lib/todos/repository";

export const metadata: Metadata = { title: "Upcoming" };

export default signedInPage<PageProps<"/upcoming">>(async (scope, { searchParams }) => {
  const { cursor } = await searchParams;
  const { filter, problems } = parseTodoFilter({ due: "upcoming", sort: "due", cursor });
  const readAt = Date.now();
  const [actor, page, counts, tags] = await Promise.all([
    scope.actor(),
    listTodos(scope, filter),
    sharedCounts(scope),
    sharedTags(scope),
  ]);
  return (
    <ListPage
      title="Upcoming"
      count="upcoming"
      counts={counts}
      clock={clockOf(actor)}
      readAt={readAt}
      view={{ kind: "upcoming" }}
      page={page}
      path="/upcoming"
      first={filter.cursor === undefined || page.cursorLost}
      problems={page.cursorLost ? [...problems, LOST_CURSOR] : problems}
      knownTags={tags}
      defaults={{ dueDate: addDays(actor.today, 1) }}
      empty={
        <EmptyState title="Nothing is coming up">
          Give a todo a due date, and it waits here for its day.
        </EmptyState>
      }
    />
  );
});
