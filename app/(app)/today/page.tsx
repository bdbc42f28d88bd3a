import type { Metadata } from "next";
import { clockOf } from "@/app/_todos/clock";
import { ListPage } from "@/app/_todos/list-page";
import { EmptyState } from "@/app/_ui/empty-state";
import { signedInPage } from "@/app/_ui/signed-in-page";
import { sharedCounts, sharedTags } from "@/app/shared-reads";
import { LOST_CURSOR, parseTodoFilter } from "@/lib/todos/input";
import { listTodos } from "@/lib/todos/repository";

export const metadata: Metadata = { title: "Today" };

export default signedInPage<PageProps<"/today">>(async (scope, { searchParams }) => {
  const { cursor } = await searchParams;
  const { filter, problems } = parseTodoFilter({ due: "until_today", sort: "due", cursor });
  const readAt = Date.now();
  const [actor, page, counts, tags] = await Promise.all([
    scope.actor(),
    listTodos(scope, filter),
    sharedCounts(scope),
    sharedTags(scope),
  ]);
  return (
    <ListPage
      title="Today"
      count="today"
      counts={counts}
      clock={clockOf(actor)}
      readAt={readAt}
      view={{ kind: "today" }}
      page={page}
      path="/today"
      first={filter.cursor === undefined || page.cursorLost}
      problems={page.cursorLost ? [...problems, LOST_CURSOR] : problems}
      knownTags={tags}
      defaults={{ dueDate: actor.today }}
      empty={
        <EmptyState title="Nothing is due today">
          Add what comes to mind above, or look at what is coming.
        </EmptyState>
      }
    />
  );
});
