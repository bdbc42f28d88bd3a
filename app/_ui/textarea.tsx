import type { ComponentProps } from "react";
import { cx } from "@/app/_ui/cx";

/** A text control of several lines, which grows with its text where the browser can. */
export function Textarea({ className, rows = 4, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      data-slot="textarea"
      rows={rows}
      className={cx("control field-sizing-content max-h-[60dvh] min-h-24 resize-y", className)}
      {...props}
    />
  );
}
