import type { ComponentProps } from "react";
import { cx } from "@/app/_ui/cx";

/**
 * A message that belongs to the whole form or page and stays until the next submission: a refusal (`danger`, read out
 * at once) or something worth knowing (`info`).
 */
export function Notice({
  tone = "info",
  className,
  ...props
}: ComponentProps<"div"> & { tone?: "info" | "danger" }) {
  return (
    <div
      data-slot="notice"
      role={tone === "danger" ? "alert" : "status"}
      className={cx(
        "rounded-control px-3 py-2",
        tone === "danger" ? "bg-danger-soft text-danger" : "bg-accent-soft text-ink",
        className,
      )}
      {...props}
    />
  );
}
