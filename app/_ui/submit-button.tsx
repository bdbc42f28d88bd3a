"use client";

import type { MouseEvent } from "react";
import { useFormStatus } from "react-dom";
import { Button, type ButtonProps } from "@/app/_ui/button";
import { Spinner } from "@/app/_ui/spinner";

/**
 * The button that sends its form. While the form is under way it turns a spinner and ignores further presses; it stays
 * focusable, because a disabled button would throw the focus away. Its words, and so its name, stay the same.
 */
export function SubmitButton({
  children,
  onClick,
  variant = "primary",
  ...props
}: Omit<ButtonProps, "type">) {
  const { pending } = useFormStatus();
  function handleClick(event: MouseEvent<HTMLButtonElement>) {
    if (pending) event.preventDefault();
    else onClick?.(event);
  }
  return (
    <Button
      {...props}
      type="submit"
      variant={variant}
      aria-disabled={pending || undefined}
      onClick={handleClick}
    >
      {pending && <Spinner />}
      {children}
    </Button>
  );
}
