import type { ComponentProps, CSSProperties } from "react";
import { cx } from "@/app/_ui/cx";

type ChipProps = ComponentProps<"span"> & {
  tone?: "accent" | "danger" | undefined;
  /** A person's own colour, shown as a dot beside the words, so that any colour stays readable. */
  dot?: string | undefined;
};

/** A small label: a tag, a status, a count. */
export function Chip({ tone, dot, className, children, ...props }: ChipProps) {
  return (
    <span
      data-tone={tone}
      className={cx("chip", dot !== undefined && "chip-dotted", className)}
      style={dot === undefined ? undefined : dotStyle(dot)}
      {...props}
    >
      {children}
    </span>
  );
}

/** What the class `chip-dotted` draws its dot by. */
function dotStyle(colour: string): CSSProperties {
  const style: Record<`--${string}`, string> = { "--dot": colour };
  return style;
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
