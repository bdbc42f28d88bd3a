import { PanelFrame } from "@/app/_todos/panel-frame";
import { readTodoDetails } from "@/app/_todos/read-todo-details";
import { TodoDetails } from "@/app/_todos/todo-details";
import { NotFoundMessage } from "@/app/_ui/not-found-message";
import { signedInPage } from "@/app/_ui/signed-in-page";

export { todoMetadata as generateMetadata } from "@/app/_todos/todo-metadata";

/** A todo that was opened from a page of Cairn: beside that page, or over it where there is no room beside. */
export default signedInPage<PageProps<"/todos/[id]">>(async (scope, { params }) => {
  const { id } = await params;
  const details = await readTodoDetails(scope, id);
  return (
    <PanelFrame key={id} todoId={id} label={details?.todo.title ?? "Todo"}>
      {details === null ? (
        <NotFoundMessage href="/today" link="Go to Today" />
      ) : (
        <TodoDetails {...details} heading="h2" />
      )}
    </PanelFrame>
  );
});
