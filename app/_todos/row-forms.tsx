"use client";

import { useActionState, useId } from "react";
import { signInAgainHref } from "@/app/_todos/send";
import { Notice } from "@/app/_ui/notice";
import type { Failure } from "@/lib/result";
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
      {refused?.ok === false && <FailureNotice failure={refused} />}
    </>
  );
  return { ids, forms };
}

/** What was refused and why; for people whose session has ended, with the way back. */
export function FailureNotice({ failure }: { failure: Failure }) {
  return (
    <Notice tone="danger" className="mb-3">
      {failure.message}
      {failure.code === "signed_out" && (
        <>
          {" "}
          <a href={signInAgainHref} target="_blank" rel="noreferrer" className="font-strong">
            Sign in in a new tab
          </a>
        </>
      )}
    </Notice>
  );
}
