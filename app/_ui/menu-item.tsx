import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "@/app/_ui/cx";
import type { Icon } from "@/app/_ui/icons";

const look =
  "flex min-h-8 w-full items-center gap-2.5 rounded-control px-2 py-1 text-left no-underline transition-colors hover:bg-hover focus-visible:bg-hover focus-visible:-outline-offset-2 pointer-coarse:min-h-11";

type ItemLook = { icon?: Icon; tone?: "normal" | "danger"; children: ReactNode };

function content(Glyph: Icon | undefined, children: ReactNode) {
  return (
    <>
      {Glyph && <Glyph className="size-4.5 shrink-0 opacity-80" />}
      <span className="min-w-0 flex-1 truncate">{children}</span>
    </>
  );
}

/** A command inside a `Menu`. With `type="submit"` it sends the form around it. */
export function MenuItem({
  icon,
  tone = "normal",
  type = "button",
  className,
  children,
  ...props
}: ComponentProps<"button"> & ItemLook) {
  return (
    <button
      data-slot="menu-item"
      type={type}
      className={cx(look, tone === "danger" ? "text-danger" : "text-ink", className)}
      {...props}
    >
      {content(icon, children)}
    </button>
  );
}

/** A link inside a `Menu`. */
export function MenuLink({
  icon,
  tone = "normal",
  className,
  children,
  ...props
}: ComponentProps<typeof Link> & ItemLook) {
  return (
    <Link
      data-slot="menu-link"
      className={cx(look, tone === "danger" ? "text-danger" : "text-ink", className)}
      {...props}
    >
      {content(icon, children)}
    </Link>
  );
}
