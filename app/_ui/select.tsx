import type { ComponentProps } from "react";
import { cx } from "@/app/_ui/cx";
import { ChevronIcon } from "@/app/_ui/icons";

/** The browser's own select, in the look of the other controls. */
export function Select({ className, defaultValue, ...props }: ComponentProps<"select">) {
  return (
    <span data-slot="select" className={cx("relative block", className)}>
      <select
        // React resets a form after its action, and a select forgets a changed default then: mount it anew.
        key={String(defaultValue)}
        defaultValue={defaultValue}
        className="control control-line appearance-none pr-9"
        {...props}
      />
      <ChevronIcon className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-faint" />
    </span>
  );
}
