import type { ComponentProps } from "react";
import { cx } from "@/app/_ui/cx";
import type { Icon } from "@/app/_ui/icons";

const look =
  "inline-flex size-8 shrink-0 items-center justify-center rounded-control text-faint transition-colors hover:bg-hover hover:text-ink active:bg-pressed disabled:cursor-not-allowed disabled:opacity-60 pointer-coarse:size-11";

export type IconButtonProps = Omit<ComponentProps<"button">, "children" | "aria-label"> & {
  icon: Icon;
  /** The accessible name, also shown as the tooltip. */
  label: string;
};

/** A button that shows an icon only; its `label` is its name and its tooltip. */
export function IconButton({ icon: Glyph, label, type = "button", className, ...props }: IconButtonProps) {
  return (
    <button
      data-slot="icon-button"
      type={type}
      aria-label={label}
      title={label}
      className={cx(look, className)}
      {...props}
    >
      <Glyph />
    </button>
  );
}
