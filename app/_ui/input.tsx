import type { ComponentProps } from "react";
import { cx } from "@/app/_ui/cx";

/** A one-line text control. Give it a name with `Field`, or with `aria-label`. */
export function Input({ className, type = "text", ...props }: ComponentProps<"input">) {
  return <input data-slot="input" type={type} className={cx("control control-line", className)} {...props} />;
}
