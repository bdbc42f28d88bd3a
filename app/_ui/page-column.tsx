import type { ComponentProps } from "react";
import { cx } from "@/app/_ui/cx";

/** The measure of a page inside the shell: a column of 760 px for lists and forms, wide for the board and charts. */
export function PageColumn({
  wide = false,
  className,
  ...props
}: ComponentProps<"div"> & { wide?: boolean }) {
  return (
    <div
      data-slot="page-column"
      className={cx(
        "mx-auto w-full px-4 pt-6 pb-16 md:px-8 md:pt-10",
        wide ? "max-w-wide" : "max-w-column",
        className,
      )}
      {...props}
    />
  );
}
