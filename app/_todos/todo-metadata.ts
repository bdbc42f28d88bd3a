import type { Metadata } from "next";
import { readTodo } from "@/app/_todos/read-todo-details";
import { Refused } from "@/lib/db/errors";

/** The title of a todo's page, and of the page beside which it stands in the panel. */
export async function todoMetadata({ params }: PageProps<"/todos/[id]">): Promise<Metadata> {
  const { id } = await params;
  try {
    return { title: (await readTodo(id))?.title ?? "Not found" };
  } catch (error) {
    // The page says what is wrong.
    if (error instanceof Refused) return { title: "Todo" };
    throw error;
  }
}
