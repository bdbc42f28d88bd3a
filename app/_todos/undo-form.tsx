"use client";

import { useState } from "react";
import { useTodos } from "@/app/_todos/store";
import { FormNotice } from "@/app/_ui/form-notice";
import { Notice } from "@/app/_ui/notice";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useForm } from "@/app/_ui/use-form";
import { undo } from "@/lib/audit/actions";

type UndoFormProps = {
  /** The command that it takes back. */
  commandId: string;
  /** Whether that command took back another one. */
  redo: boolean;
  /** What it did, for those who hear the button alone. */
  words: string;
};

/** Takes back one command, and then, as often as wanted, what it has just done itself. */
export function UndoForm({ commandId, redo, words }: UndoFormProps) {
  const { receiveUndone } = useTodos();
  const [latest, setLatest] = useState({ commandId, redo, left: null as string | null });
  const { form, state } = useForm(undo, {
    onSuccess(undone) {
      receiveUndone(undone);
      setLatest({ commandId: undone.commandId, redo: !latest.redo, left: undone.left });
    },
  });
  const label = latest.redo ? "Redo" : "Undo";
  return (
    <form {...form} className="flex flex-wrap items-center justify-end gap-2">
      <FormNotice state={state} />
      {state?.ok && (
        <span role="status" className="text-meta text-faint">
          {latest.redo === redo ? "Done again" : "Undone"}
        </span>
      )}
      {latest.left !== null && <Notice>{latest.left}</Notice>}
      <input type="hidden" name="commandId" value={latest.commandId} />
      <SubmitButton variant="quiet" size="small" aria-label={`${label}: ${words}`}>
        {label}
      </SubmitButton>
    </form>
  );
}
