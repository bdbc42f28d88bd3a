"use client";

import { unstable_rethrow as rethrowRedirect } from "next/navigation";
import { useActionState, useEffect, useRef, useSyncExternalStore, type ReactNode } from "react";
import { Notice } from "@/app/_ui/notice";
import { subscribeToNothing } from "@/app/(auth)/subscribe-to-nothing";
import { SubmitButton } from "@/app/_ui/submit-button";
import { NO_ANSWER_MESSAGE, UNAVAILABLE_MESSAGE } from "@/app/(auth)/messages";
import type { Action } from "@/lib/action";
import { readForm, type FormValues } from "@/lib/form";
import type { Failure } from "@/lib/result";

/** What a field shows of its form's last, refused submission. */
export type FieldState = {
  error: readonly string[] | undefined;
  /** What was typed. The server gives no password back. */
  typed: string | undefined;
  /** Whether it is the first that is wrong: without script, the browser focuses it by this. */
  first: boolean;
};

type AuthFormProps<Input> = {
  action: Action<Input, unknown>;
  /** Where to go afterwards. */
  next: string;
  submit: string;
  /** Stands above the form until the form itself has something to say. */
  notice: ReactNode;
  children: (field: (name: string) => FieldState) => ReactNode;
};

/**
 * The form around the fields of signing in and signing up. It works without script; with it, a refusal moves the focus
 * to the first field that is wrong, or to the sentence when no field is.
 */
export function AuthForm<Input>({ action, next, submit, notice, children }: AuthFormProps<Input>) {
  const [state, formAction] = useActionState(useHydrated() ? answered(action) : action, null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (state === null) return;
    form.current?.querySelector<HTMLElement>("[aria-invalid], [data-slot=notice][tabindex]")?.focus();
  }, [state]);

  const failure = state?.ok === false ? state : null;
  const sentence = failure !== null && failure.fields === undefined ? messageOf(failure) : null;
  return (
    // The server's messages stand beside their fields; the browser's would hide and contradict them.
    <form ref={form} action={formAction} noValidate className="grid gap-4">
      {sentence === null ? (
        failure === null && notice
      ) : (
        <Notice tone="danger" tabIndex={-1}>
          {sentence}
        </Notice>
      )}
      <input type="hidden" name="next" value={next} />
      {children((name) => {
        const typed = failure?.values?.[name];
        return {
          error: failure?.fields?.[name],
          typed: typeof typed === "string" ? typed : undefined,
          first: name === Object.keys(failure?.fields ?? {})[0],
        };
      })}
      <SubmitButton className="mt-2 w-full">{submit}</SubmitButton>
    </form>
  );
}

/** Where the password is to be typed again, it is not said that nothing is lost. */
function messageOf({ code, message, values }: Failure & { values?: FormValues }): string {
  return code === "unavailable" && values?.password === undefined ? UNAVAILABLE_MESSAGE : message;
}

/** The action as it is asked from script: no answer is an answer too, and all that was typed stays where it is. */
function answered<Input>(action: Action<Input, unknown>): Action<Input, unknown> {
  return async (previous, input) => {
    try {
      return await action(previous, input);
    } catch (error) {
      // Success leads elsewhere, and that is thrown too.
      rethrowRedirect(error);
      const values = input instanceof FormData ? readForm(input) : {};
      return { ok: false, code: "unavailable", message: NO_ANSWER_MESSAGE, values };
    }
  };
}

/** Whether script has taken over. Until then the form has to name the server's own action, to work without. */
function useHydrated(): boolean {
  return useSyncExternalStore(
    subscribeToNothing,
    () => true,
    () => false,
  );
}
