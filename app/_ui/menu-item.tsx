// Rendered once: what the compiler would remember of it is more script than it is itself.
"use no memo";

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
    <button data-slot="menu-item" type={type} className={cx("menu-item", className)} {...props}>
      {Glyph && <Glyph className="size-4.5 shrink-0 opacity-80" />}
      <span className="min-w-0 flex-1 truncate">{children}</span>
    </button>
  );
}
