import type { ComponentProps } from "react";
import { buttonStyle, type ButtonSize, type ButtonVariant } from "@/app/_ui/button-style";
import { cx } from "@/app/_ui/cx";

export type ButtonProps = ComponentProps<"button"> & { variant?: ButtonVariant; size?: ButtonSize };

/** A button. Its type is `button` unless said otherwise, so that one inside a form never sends it by accident. */
export function Button({ variant, size, type = "button", className, ...props }: ButtonProps) {
  return (
    <button data-slot="button" type={type} className={cx(buttonStyle(variant, size), className)} {...props} />
  );
}
