import type { ReactNode } from "react";
import { CairnMark } from "@/app/_ui/cairn-mark";
import { cx } from "@/app/_ui/cx";

type EmptyStateProps = { title: string; children?: ReactNode; action?: ReactNode; className?: string };

/** What stands where a list would: what is so, and in one sentence what to do next. */
export function EmptyState({ title, children, action, className }: EmptyStateProps) {
  return (
    <div
      data-slot="empty-state"
      className={cx("grid justify-items-center gap-1 px-4 py-16 text-center", className)}
    >
      <CairnMark className="mb-3 size-12 text-line" />
      <p className="font-strong">{title}</p>
      {children !== undefined && <p className="max-w-80 text-pretty text-faint">{children}</p>}
      {action !== undefined && <div className="mt-4">{action}</div>}
    </div>
  );
}
