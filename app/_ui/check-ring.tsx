import type { ComponentProps } from "react";
import { cx } from "@/app/_ui/cx";
import { CheckIcon } from "@/app/_ui/icons";

export type RingPriority = 0 | 1 | 2 | 3 | 4 | 5;

const rings: Record<RingPriority, string> = {
  0: "border-p0 text-p0",
  1: "border-p1 text-p1",
  2: "border-p2 text-p2 border-[1.5px]",
  3: "border-p3 text-p3 border-2",
  4: "border-p4 text-p4 border-2 bg-p4/12",
  5: "border-p5 text-p5 border-[2.5px] bg-p5/16",
};

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
      className={cx(
        "group/ring inline-flex size-8 shrink-0 items-center justify-center rounded-full pointer-coarse:size-11",
        className,
      )}
      {...props}
    >
      <RingMark checked={checked} priority={priority} />
    </button>
  );
}

/** The ring alone, for the eye: inside `CheckRing`, in pictures and in legends. */
export function RingMark({ checked, priority }: { checked: boolean; priority: RingPriority }) {
  return (
    <span
      aria-hidden="true"
      className={cx(
        "flex size-[1.125rem] shrink-0 items-center justify-center rounded-full border transition-colors",
        checked ? "border-accent bg-accent text-on-accent" : rings[priority],
      )}
    >
      <CheckIcon
        className={cx(
          "size-3.5 stroke-2 transition-opacity",
          !checked && "opacity-0 group-hover/ring:opacity-100 group-focus-visible/ring:opacity-100",
        )}
      />
    </span>
  );
}
