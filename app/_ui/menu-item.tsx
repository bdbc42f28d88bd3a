import type { ComponentProps } from "react";
import { cx } from "@/app/_ui/cx";
import type { Icon } from "@/app/_ui/icons";

/** A command inside a `Menu`. With `type="submit"` it sends the form around it. */
export function MenuItem({
  icon: Glyph,
  type = "button",
  className,
  children,
  ...props
}: ComponentProps<"button"> & { icon?: Icon }) {
  return (
    <button
      data-slot="menu-item"
      type={type}
      className={cx(
        "flex min-h-8 w-full items-center gap-2.5 rounded-control px-2 py-1 text-left transition-colors hover:bg-hover focus-visible:bg-hover focus-visible:-outline-offset-2 pointer-coarse:min-h-11",
        className,
      )}
      {...props}
    >
      {Glyph && <Glyph className="size-4.5 shrink-0 opacity-80" />}
      <span className="min-w-0 flex-1 truncate">{children}</span>
    </button>
  );
}
