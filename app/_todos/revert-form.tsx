"use client";

import { useCurrentTodo, useTodos } from "@/app/_todos/store";
import { FormNotice } from "@/app/_ui/form-notice";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useForm } from "@/app/_ui/use-form";
import { revert } from "@/lib/audit/actions";
import type { RevertibleField } from "@/lib/audit/types";
import type { TodoRow } from "@/lib/todos/types";

type RevertFormProps = { todo: TodoRow; entryId: string; field: RevertibleField; name: string };

/** Gives one field of a todo the value that it had before an entry of its history. */
export function RevertForm({ todo, entryId, field, name }: RevertFormProps) {
  const { receive } = useTodos();
  const current = useCurrentTodo(todo) ?? todo;
  const { form, state, errors } = useForm(revert, { onSuccess: (written) => receive(current, written) });
  return (
    <form {...form} className="flex flex-wrap items-center gap-2">
      <FormNotice state={state} />
      {Object.values(errors).map((messages) => (
        <span key={messages[0]} role="alert" className="text-danger">
          {messages.join(" ")}
        </span>
      ))}
      {state?.ok && (
        <span role="status" className="text-faint">
          Restored
        </span>
      )}
      <input type="hidden" name="id" value={todo.id} />
      <input type="hidden" name="version" value={current.version} />
      <input type="hidden" name="entryId" value={entryId} />
      <input type="hidden" name="field" value={field} />
      <SubmitButton variant="quiet" size="small" aria-label={`Restore ${name.toLowerCase()}`}>
        Restore
      </SubmitButton>
    </form>
  );
}
