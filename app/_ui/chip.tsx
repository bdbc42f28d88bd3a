import type { ComponentProps } from "react";
import { cx } from "@/app/_ui/cx";

type ChipProps = ComponentProps<"span"> & {
  tone?: "neutral" | "accent" | "danger";
  /** A person's own colour, shown as a dot beside the words, so that any colour stays readable. */
  dot?: string | undefined;
};

/** A small label: a tag, a status, a count. */
export function Chip({ tone = "neutral", dot, className, children, ...props }: ChipProps) {
  return (
    <span data-slot="chip" data-tone={tone} className={cx("chip", className)} {...props}>
      {dot !== undefined && <ColourDot colour={dot} />}
      <span className="truncate">{children}</span>
    </span>
  );
}

/** A dot in a person's own colour (`#rrggbb`); it only decorates the words beside it. */
export function ColourDot({ colour, className }: { colour: string; className?: string }) {
  return (
    <span
      data-slot="colour-dot"
      aria-hidden="true"
      className={cx("colour-dot", className)}
      style={{ backgroundColor: colour }}
    />
  );
}
