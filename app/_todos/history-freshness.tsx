"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { useCurrentTodo } from "@/app/_todos/store";
import { Spinner } from "@/app/_ui/spinner";
import type { TodoRow } from "@/lib/todos/types";

/** Says when a todo has changed since its history was read, and reads it anew when asked. */
export function HistoryFreshness({ todo }: { todo: TodoRow }) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const current = useCurrentTodo(todo);
  if (current === null || current.version <= todo.version) return null;
  return (
    <button
      type="button"
      onClick={() => startTransition(() => router.refresh())}
      className="inline-flex items-center gap-2 text-meta text-accent underline"
    >
      Show the latest changes
      {pending && <Spinner />}
    </button>
  );
}
