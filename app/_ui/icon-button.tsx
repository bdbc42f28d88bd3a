import type { ComponentProps } from "react";
import { cx } from "@/app/_ui/cx";
import type { Icon } from "@/app/_ui/icons";

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
      className={cx("icon-button", className)}
      {...props}
    >
      <Glyph />
    </button>
  );
}
