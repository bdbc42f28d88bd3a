"use client";

import { useActionState, useEffect, type ReactNode } from "react";
import { UNAVAILABLE_MESSAGE } from "@/app/(auth)/messages";
import { useToasts } from "@/app/_ui/toasts";
import { signOut } from "@/lib/auth/actions";

/**
 * The form that signs out, around the button that sends it. When that is not possible a toast says so, because the menu
 * around the form has closed by then: the session is still alive.
 *
 * @example <SignOutForm><MenuItem type="submit" icon={SignOutIcon}>Sign out</MenuItem></SignOutForm>
 */
export function SignOutForm({ children }: { children: ReactNode }) {
  const [state, formAction] = useActionState(signOut, null);
  const { show } = useToasts();
  useEffect(() => {
    if (state?.ok !== false) return;
    const reason = state.code === "unavailable" ? UNAVAILABLE_MESSAGE : state.message;
    show({ tone: "danger", text: `You are still signed in. ${reason}` });
  }, [state, show]);
  return <form action={formAction}>{children}</form>;
}
