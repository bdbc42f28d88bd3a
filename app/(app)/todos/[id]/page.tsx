import { notFound } from "next/navigation";
import { readTodoDetails } from "@/app/_todos/read-todo-details";
import { TodoDetails } from "@/app/_todos/todo-details";
import { PageColumn } from "@/app/_ui/page-column";
import { signedInPage } from "@/app/_ui/signed-in-page";

export { todoMetadata as generateMetadata } from "@/app/_todos/todo-metadata";

export default signedInPage<PageProps<"/todos/[id]">>(async (scope, { params }) => {
  const { id } = await params;
  const details = await readTodoDetails(scope, id);
  if (details === null) notFound();
  return (
    <PageColumn>
      <TodoDetails {...details} heading="h1" />
    </PageColumn>
  );
});
