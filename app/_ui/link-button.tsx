import Link from "next/link";
import type { ComponentProps } from "react";
import { buttonStyle, type ButtonSize, type ButtonVariant } from "@/app/_ui/button-style";
import { cx } from "@/app/_ui/cx";

export type LinkButtonProps = ComponentProps<typeof Link> & { variant?: ButtonVariant; size?: ButtonSize };

/** A link that looks like a button: it leads somewhere, and changes nothing. */
export function LinkButton({ variant, size, className, ...props }: LinkButtonProps) {
  return <Link data-slot="link-button" className={cx(buttonStyle(variant, size), className)} {...props} />;
}
