"use client";

import type { ReactNode } from "react";
import { AuthField } from "@/app/(auth)/auth-field";
import { AuthForm } from "@/app/(auth)/auth-form";
import { signIn } from "@/lib/auth/actions";
import { EMAIL_MAX } from "@/lib/db/limits";

export function SignInForm({ next, notice }: { next: string; notice: ReactNode }) {
  return (
    <AuthForm action={signIn} next={next} submit="Sign in" notice={notice}>
      {(field) => (
        <>
          <AuthField
            label="Email"
            name="email"
            type="email"
            autoComplete="username"
            maxLength={EMAIL_MAX}
            state={field("email")}
          />
          <AuthField
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            state={field("password")}
          />
        </>
      )}
    </AuthForm>
  );
}
