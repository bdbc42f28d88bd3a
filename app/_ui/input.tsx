import type { ComponentProps } from "react";
import { controlStyle } from "@/app/_ui/control-style";
import { cx } from "@/app/_ui/cx";

/** A one-line text control. Give it a name with `Field`, or with `aria-label`. */
export function Input({ className, type = "text", ...props }: ComponentProps<"input">) {
  return (
    <input
      data-slot="input"
      type={type}
      className={cx(controlStyle, "h-9 pointer-coarse:h-11", className)}
      {...props}
    />
  );
}
