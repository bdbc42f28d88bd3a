import { cx } from "@/app/_ui/cx";

export type ButtonVariant = "primary" | "secondary" | "quiet" | "accent" | "danger";
export type ButtonSize = "normal" | "small";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong active:bg-accent-strong",
  secondary: "border border-edge bg-surface text-ink hover:bg-hover active:bg-pressed",
  quiet: "text-soft hover:bg-hover hover:text-ink active:bg-pressed",
  accent: "text-accent hover:bg-accent-soft active:bg-accent-soft",
  danger: "bg-danger text-on-danger hover:bg-danger-strong active:bg-danger-strong",
};

const sizes: Record<ButtonSize, string> = {
  normal: "min-h-9 px-3.5 py-1.5 pointer-coarse:min-h-11",
  small: "min-h-7 px-2 py-1 text-meta pointer-coarse:min-h-9",
};

const shared =
  "inline-flex items-center justify-center gap-2 rounded-control font-strong whitespace-nowrap no-underline transition-colors select-none disabled:cursor-not-allowed disabled:opacity-60 aria-disabled:opacity-60";

/** The look of everything that is pressed: buttons, and links that lead on like one. */
export function buttonStyle(variant: ButtonVariant = "secondary", size: ButtonSize = "normal"): string {
  return cx(shared, variants[variant], sizes[size]);
}
