"use client";

import Link from "next/link";
import { useCurrentTodo } from "@/app/_todos/store";
import type { TodoRow } from "@/lib/todos/types";

/** Says when a todo has changed since its history was read, and reads it anew when asked. */
export function HistoryFreshness({ todo }: { todo: TodoRow }) {
  const current = useCurrentTodo(todo);
  if (current === null || current.version <= todo.version) return null;
  return (
    <Link
      href={`/todos/${todo.id}`}
      prefetch={false}
      replace
      scroll={false}
      className="text-meta text-accent underline"
    >
      Show the latest changes
    </Link>
  );
}
