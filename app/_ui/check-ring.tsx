import type { ComponentProps } from "react";
import { cx } from "@/app/_ui/cx";

export type RingPriority = 0 | 1 | 2 | 3 | 4 | 5;

export type CheckRingProps = Omit<ComponentProps<"button">, "role" | "aria-checked" | "children"> & {
  checked: boolean;
  priority: RingPriority;
  /** The accessible name, for example "Complete Buy milk". */
  label: string;
};

/**
 * A checkbox that is also the mark of a priority, by its colour and its weight. It is a submit button with the role of a
 * checkbox, so that the form around it works without JavaScript too. The priority needs its words nearby: the ring's
 * name says what pressing it does.
 */
export function CheckRing({
  checked,
  priority,
  label,
  type = "submit",
  className,
  ...props
}: CheckRingProps) {
  return (
    <button
      data-slot="check-ring"
      type={type}
      role="checkbox"
      aria-checked={checked}
      aria-label={label}
      className={cx("check-ring", className)}
      {...props}
    >
      <RingMark checked={checked} priority={priority} />
    </button>
  );
}

/** The ring alone, for the eye: inside `CheckRing`, in pictures and in legends. Its look is in primitives.css. */
export function RingMark({ checked, priority }: { checked: boolean; priority: RingPriority }) {
  return (
    <span
      className="ring-mark"
      data-priority={priority}
      data-checked={checked || undefined}
      aria-hidden="true"
    />
  );
}
