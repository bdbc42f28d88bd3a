import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { clockOf } from "@/app/_todos/clock";
import { HistoryFreshness } from "@/app/_todos/history-freshness";
import { TodoEditor } from "@/app/_todos/todo-editor";
import { TodoHistory } from "@/app/_todos/todo-history";
import { PageColumn } from "@/app/_ui/page-column";
import { signedInPage } from "@/app/_ui/signed-in-page";
import { getHistory } from "@/lib/audit/repository";
import { Refused } from "@/lib/db/errors";
import { requestScope } from "@/lib/request";
import { listTags } from "@/lib/tags/repository";
import { getTodo } from "@/lib/todos/repository";

/** The page's todo, read once for its title and its content. */
const readTodo = cache(async (id: string) => getTodo(await requestScope(), id));

export async function generateMetadata({ params }: PageProps<"/todos/[id]">): Promise<Metadata> {
  const { id } = await params;
  try {
    return { title: (await readTodo(id))?.title ?? "Not found" };
  } catch (error) {
    // The page says what is wrong.
    if (error instanceof Refused) return { title: "Todo" };
    throw error;
  }
}

export default signedInPage<PageProps<"/todos/[id]">>(async (scope, { params }) => {
  const { id } = await params;
  const [actor, todo, history, tags] = await Promise.all([
    scope.actor(),
    readTodo(id),
    getHistory(scope, id),
    listTags(scope),
  ]);
  if (todo === null) notFound();
  const clock = clockOf(actor);
  return (
    <PageColumn>
      <TodoEditor key={todo.id} todo={todo} clock={clock} knownTags={tags} />
      <section aria-labelledby="history" className="mt-8 border-t border-line pt-4">
        <div className="flex items-baseline gap-3 pb-2">
          <h2 id="history" className="font-strong">
            History
          </h2>
          <HistoryFreshness todo={todo} />
        </div>
        <TodoHistory entries={history} timeZone={actor.timeZone} clock={clock} />
      </section>
    </PageColumn>
  );
});
