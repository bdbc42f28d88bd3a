"use client";

import {
  startTransition,
  useActionState,
  useEffect,
  useRef,
  useState,
  type ComponentProps,
  type SubmitEvent,
} from "react";
import { send } from "@/app/_ui/send";
import type { Action, ActionState } from "@/lib/action";
import type { FieldErrors } from "@/lib/result";

type Form<Data, Current> = {
  /** Spread onto the `<form>`. */
  form: Pick<ComponentProps<"form">, "action" | "onSubmit" | "noValidate"> & {
    ref: React.Ref<HTMLFormElement>;
  };
  /** The last answer, or null before the first. */
  state: ActionState<Data, Current> | null;
  errors: FieldErrors;
  /** What the last, refused submission carried in a field; for `defaultValue`, without script. */
  typed: (field: string) => string | undefined;
};

/**
 * A form that is answered by an action. Without script the browser sends it and the page comes back with the answer.
 * With script it is sent from here, so that a lost connection is an answer like any other and the fields keep what was
 * typed; a refusal moves the focus to the first field that is wrong.
 */
export function useForm<Input, Data, Current = unknown>(
  action: Action<Input, Data, Current>,
  { onSuccess }: { onSuccess?: (data: Data) => void } = {},
): Form<Data, Current> {
  const [answered, formAction] = useActionState(action, null);
  const [state, setState] = useState(answered);
  const ref = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (state?.ok === false) ref.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [state]);

  function onSubmit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget, event.nativeEvent.submitter);
    startTransition(async () => {
      const answer = await send(action, data);
      startTransition(() => setState(answer));
      if (answer.ok) onSuccess?.(answer.data);
    });
  }

  const failure = state?.ok === false ? state : null;
  return {
    form: { action: formAction, onSubmit, noValidate: true, ref },
    state,
    errors: failure?.fields ?? {},
    typed(field) {
      const value = failure?.values?.[field];
      return typeof value === "string" ? value : undefined;
    },
  };
}
