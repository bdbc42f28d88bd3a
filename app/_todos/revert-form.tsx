"use client";

import { useCurrentTodo, useTodos } from "@/app/_todos/store";
import { FormNotice } from "@/app/_ui/form-notice";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useForm } from "@/app/_ui/use-form";
import { revert } from "@/lib/audit/actions";
import type { EarlierValue } from "@/lib/audit/earlier-values";
import type { TodoRow } from "@/lib/todos/types";

type RevertFormProps = { todo: TodoRow; entryId: string; value: Pick<EarlierValue, "field" | "words"> };

/** Gives one field of a todo the value that it had before an entry of its history. */
export function RevertForm({ todo, entryId, value: { field, words } }: RevertFormProps) {
  const { receive } = useTodos();
  const current = useCurrentTodo(todo) ?? todo;
  const { form, state, errors } = useForm(revert, { onSuccess: (written) => receive(current, written) });
  return (
    <form {...form} className="flex flex-wrap items-center gap-2">
      <input type="hidden" name="id" value={todo.id} />
      <input type="hidden" name="version" value={current.version} />
      <input type="hidden" name="entryId" value={entryId} />
      <input type="hidden" name="field" value={field} />
      <SubmitButton variant="quiet" size="small" className="-ml-2 text-left wrap-anywhere">
        Restore {words}
      </SubmitButton>
      {state?.ok && (
        <span role="status" className="text-faint">
          Restored
        </span>
      )}
      <FormNotice state={state} />
      {Object.values(errors).flatMap((messages) =>
        messages.map((message) => (
          <span key={message} role="alert" className="text-danger">
            {message}
          </span>
        )),
      )}
    </form>
  );
}
