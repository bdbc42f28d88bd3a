"use client";

import { useId, type ReactNode } from "react";
import { cx } from "@/app/_ui/cx";

/** What a control takes over from its field: spread it onto the input. */
export type FieldControl = {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
};

type FieldProps = {
  label: string;
  /** One message, or all of them as Zod's `flattenError` gives them. Empty or absent: the field is fine. */
  error?: string | readonly string[] | undefined;
  /** What belongs to the error beyond its words, after them. */
  errorDetail?: ReactNode;
  hint?: ReactNode;
  /** Keeps the label for assistive technology but not for the eye, where the place says it already. */
  hideLabel?: boolean;
  className?: string;
  children: (control: FieldControl) => ReactNode;
};

/**
 * A label, its control, a hint and the error, wired to each other. The error stands beside its field. What was typed is
 * kept by the caller: `defaultValue` is the value that the last, refused submission carried.
 *
 * @example <Field label="Email" error={errors.email}>{(control) => <Input {...control} name="email" />}</Field>
 */
export function Field(props: FieldProps) {
  const { label, error, errorDetail, hint, hideLabel = false, className, children } = props;
  const id = useId();
  const messages = error === undefined ? [] : [error].flat().filter(Boolean);
  const failed = messages.length > 0;
  const describedBy = [failed && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div data-slot="field" className={cx("grid content-start gap-1.5", className)}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : "font-strong"}>
        {label}
      </label>
      {children({
        id,
        "aria-describedby": describedBy === "" ? undefined : describedBy,
        "aria-invalid": failed || undefined,
      })}
      {failed && (
        <p id={`${id}-error`} data-slot="field-error" role="alert" className="text-meta text-danger">
          {messages.join(" ")}
          {errorDetail}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} data-slot="field-hint" className="text-meta text-faint">
          {hint}
        </p>
      )}
    </div>
  );
}
