import type { ComponentProps, ReactNode } from "react";
import type { FieldState } from "@/app/(auth)/auth-form";
import { Field } from "@/app/_ui/field";
import { Input } from "@/app/_ui/input";

type AuthFieldProps = Omit<ComponentProps<typeof Input>, "id"> & {
  name: string;
  label: string;
  hint?: ReactNode;
  state: FieldState;
};

/** A required field of signing in and signing up, with its label and what its form's last submission left. */
export function AuthField({ label, hint, state, ...input }: AuthFieldProps) {
  return (
    <Field label={label} error={state.error} hint={hint}>
      {(control) => (
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- only where a mistake is to be mended, as script does it
        <Input {...control} {...input} required defaultValue={state.typed} autoFocus={state.first} />
      )}
    </Field>
  );
}
