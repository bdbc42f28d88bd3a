"use client";

import { useSyncExternalStore, type ReactNode } from "react";
import { AuthField } from "@/app/(auth)/auth-field";
import { AuthForm } from "@/app/(auth)/auth-form";
import { subscribeToNothing } from "@/app/(auth)/subscribe-to-nothing";
import { signUp } from "@/lib/auth/actions";
import { EMAIL_MAX, PASSWORD_MAX, PASSWORD_MIN, PERSON_NAME_MAX } from "@/lib/db/limits";

export function SignUpForm({ next, notice }: { next: string; notice: ReactNode }) {
  return (
    <AuthForm action={signUp} next={next} submit="Create account" notice={notice}>
      {(field) => (
        <>
          <AuthField
            label="Name"
            name="name"
            autoComplete="name"
            maxLength={PERSON_NAME_MAX}
            state={field("name")}
          />
          <AuthField
            label="Email"
            name="email"
            type="email"
            autoComplete="email"
            maxLength={EMAIL_MAX}
            state={field("email")}
          />
          {/* No maxLength: it would cut a pasted password without a word. */}
          <AuthField
            label="Password"
            name="password"
            type="password"
            autoComplete="new-password"
            hint={`${PASSWORD_MIN} to ${PASSWORD_MAX} characters, of any kind.`}
            state={field("password")}
          />
          <TimeZone />
        </>
      )}
    </AuthForm>
  );
}

/** The browser's time zone, so that "today" is right from the first day on. Empty without script: then it is UTC. */
function TimeZone() {
  const zone = useSyncExternalStore(subscribeToNothing, browserTimeZone, noTimeZone);
  return <input type="hidden" name="timeZone" value={zone} />;
}

function browserTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function noTimeZone(): string {
  return "";
}
