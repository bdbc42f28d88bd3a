import type { Metadata } from "next";
import { clockOf } from "@/app/_todos/clock";
import { ListHeader } from "@/app/_todos/list-header";
import { Problems } from "@/app/_todos/problems";
import { PageLinks } from "@/app/_todos/page-links";
import { PurgeQuestion } from "@/app/_todos/purge-question";
import { TrashList } from "@/app/_todos/trash-list";
import { EmptyState } from "@/app/_ui/empty-state";
import { PageColumn } from "@/app/_ui/page-column";
import { signedInPage } from "@/app/_ui/signed-in-page";
import { TRASH_DAYS } from "@/lib/db/limits";
import { LOST_CURSOR, parseTrashQuery } from "@/lib/todos/input";
import { getCounts, getTodo, listTrash } from "@/lib/todos/repository";

export const metadata: Metadata = { title: "Trash" };

export default signedInPage<PageProps<"/trash">>(async (scope, { searchParams }) => {
  const query = await searchParams;
  const { cursor, problems } = parseTrashQuery(query, ["purge"]);
  const readAt = Date.now();
  const [actor, page, counts, asked] = await Promise.all([
    scope.actor(),
    listTrash(scope, { cursor }),
    getCounts(scope),
    typeof query.purge === "string" ? getTodo(scope, query.purge) : null,
  ]);
  const clock = clockOf(actor);
  const first = cursor === undefined || page.cursorLost;
  return (
    <PageColumn>
      <ListHeader title="Trash" count="trash" counts={counts} clock={clock} readAt={readAt} />
      <Problems problems={page.cursorLost ? [...problems, LOST_CURSOR] : problems} />
      {asked !== null && asked.deletedAt !== null && (
        <PurgeQuestion todo={{ id: asked.id, title: asked.title }} />
      )}
      <TrashList
        rows={page.rows}
        readAt={readAt}
        clock={clock}
        timeZone={actor.timeZone}
        first={first}
        empty={
          <EmptyState title="The trash is empty">
            What you delete waits here for {TRASH_DAYS} days, until you restore it or delete it for ever.
          </EmptyState>
        }
      />
      <PageLinks path="/trash" first={first} nextCursor={page.nextCursor} />
    </PageColumn>
  );
});
