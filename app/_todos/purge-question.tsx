"use client";

import { useActionState } from "react";
import { FormNotice } from "@/app/_ui/form-notice";
import { quoted } from "@/app/_todos/verbs";
import { LinkButton } from "@/app/_ui/link-button";
import { Notice } from "@/app/_ui/notice";
import { SubmitButton } from "@/app/_ui/submit-button";
import { purge } from "@/lib/todos/actions";

/** Asks, without script, whether a todo of the trash is to be deleted for ever. */
export function PurgeQuestion({ todo }: { todo: { id: string; title: string } }) {
  const [sent, formAction] = useActionState(purge, null);
  return (
    <>
      {sent?.ok === false && <FormNotice state={sent} />}
      <Notice className="mb-3 flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1 basis-64 wrap-anywhere">
          Delete {quoted(todo.title)} for ever? This cannot be undone.
        </span>
        <form action={formAction}>
          <input type="hidden" name="id" value={todo.id} />
          <input type="hidden" name="returnTo" value="/trash" />
          <SubmitButton variant="danger">Delete for ever</SubmitButton>
        </form>
        <LinkButton href="/trash" prefetch={false}>
          Keep it
        </LinkButton>
      </Notice>
    </>
  );
}
