import type { ComponentProps } from "react";
import { cx } from "@/app/_ui/cx";

type ChipProps = ComponentProps<"span"> & {
  tone?: "neutral" | "accent" | "danger";
  /** A person's own colour, shown as a dot beside the words, so that any colour stays readable. */
  dot?: string | undefined;
};

const tones = {
  neutral: "bg-hover text-soft",
  accent: "bg-accent-soft text-accent",
  danger: "bg-danger-soft text-danger",
};

/** A small label: a tag, a status, a count. */
export function Chip({ tone = "neutral", dot, className, children, ...props }: ChipProps) {
  return (
    <span
      data-slot="chip"
      className={cx(
        "inline-flex max-w-full items-center gap-1.5 rounded-full px-2 text-meta leading-5.5",
        tones[tone],
        className,
      )}
      {...props}
    >
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
      className={cx("size-2 shrink-0 rounded-full ring-1 ring-edge/40", className)}
      style={{ backgroundColor: colour }}
    />
  );
}
