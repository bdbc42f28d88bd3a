"use client";

import { useActionState, useId } from "react";
import { FormNotice } from "@/app/_ui/form-notice";
import { complete, remove, reopen } from "@/lib/todos/actions";

/** The ids of the forms that the controls of rows send. */
export type RowFormIds = { complete: string; reopen: string; remove: string };

/**
 * The forms behind the controls of all rows of a list: one for each thing that can be done, and not three for each row.
 * They only ever send without script; what was refused then is said above the list.
 */
export function useRowForms() {
  const id = useId();
  const [completed, completeAction] = useActionState(complete, null);
  const [reopened, reopenAction] = useActionState(reopen, null);
  const [removed, removeAction] = useActionState(remove, null);
  const ids: RowFormIds = { complete: `${id}-complete`, reopen: `${id}-reopen`, remove: `${id}-remove` };
  const refused = [completed, reopened, removed].find((answer) => answer?.ok === false);
  const forms = (
    <>
      <form id={ids.complete} action={completeAction} hidden />
      <form id={ids.reopen} action={reopenAction} hidden />
      <form id={ids.remove} action={removeAction} hidden />
      <FormNotice state={refused ?? null} />
    </>
  );
  return { ids, forms };
}
