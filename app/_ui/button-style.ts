export type ButtonVariant = "primary" | "secondary" | "quiet" | "accent" | "danger";
export type ButtonSize = "normal" | "small";

/** The classes of everything that is pressed: buttons, and links that lead on like one. Their looks are in primitives.css. */
export function buttonStyle(variant: ButtonVariant = "secondary", size: ButtonSize = "normal"): string {
  return `button button-${variant}${size === "small" ? " button-small" : ""}`;
}
