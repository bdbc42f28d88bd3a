// Rendered once: what the compiler would remember of it is more script than it is itself.
"use no memo";

import type { ReactNode } from "react";
import { cx } from "@/app/_ui/cx";
import { PageColumn } from "@/app/_ui/page-column";

// Each of these stands for a moment in the place of a page and takes over its measures, so that nothing moves when the
// page comes. They are for the eye only: the page itself says that it is busy.

export type SkeletonKind =
  "days" | "filtered" | "plain" | "tags" | "search" | "activity" | "form" | "dashboard";

const rowWidths = ["w-3/5", "w-2/5", "w-1/2", "w-1/3", "w-2/3", "w-2/5", "w-1/4", "w-1/2"];

const bodies: Record<SkeletonKind, ReactNode> = {
  days: (
    <>
      <AddLine />
      <Group rows={6} />
      <Group rows={4} />
    </>
  ),
  filtered: (
    <>
      <Bars className="mb-3 h-7 pointer-coarse:h-11" widths={["w-16", "w-24", "w-20", "w-16"]} />
      <AddLine />
      <Rows />
    </>
  ),
  plain: <Rows ring={false} />,
  tags: (
    <>
      <Box className="mb-4 h-9 pointer-coarse:h-11" />
      <Rows ring={false} lined />
    </>
  ),
  search: <Box className="mb-4 h-9 pointer-coarse:h-11" />,
  activity: (
    <>
      <Bar className="mt-1 mb-4 w-56" />
      <Group rows={6} />
      <Group rows={4} />
    </>
  ),
  form: (
    <div className="grid max-w-form gap-5">
      {["w-12", "w-16", "w-20", "w-24", "w-14"].map((width) => (
        <div key={width} className="grid gap-1.5">
          <Bar className={cx("my-1", width)} />
          <Box className="h-9 pointer-coarse:h-11" />
        </div>
      ))}
    </div>
  ),
  dashboard: (
    <>
      <div className="grid grid-cols-2 gap-x-4 gap-y-5 pt-2 pb-10 sm:grid-cols-4">
        {rowWidths.map((width, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the order never changes
          <div key={index} className="grid h-11 content-between">
            <Bar className="h-5 w-10" />
            <Bar className="w-16" />
          </div>
        ))}
      </div>
      <Bar className="mb-6 w-40" />
      <div className="mb-8 h-64 rounded-panel bg-hover" />
      <Rows />
    </>
  ),
};

/** In the place of a page inside the shell. The title is the page's own where it is known, and a bar else. */
export function PageSkeleton({ kind, title }: { kind: SkeletonKind; title: string | undefined }) {
  return (
    <PageColumn wide={kind === "dashboard"} aria-hidden="true" data-slot="page-skeleton">
      <div className="flex min-h-9 items-center pb-3">
        {title === undefined ? (
          <Bar className="h-7 w-48" />
        ) : (
          <span className="min-w-0 truncate text-page font-strong">{title}</span>
        )}
      </div>
      {bodies[kind]}
    </PageColumn>
  );
}

/** A bar in the place of a line of words. */
function Bar({ className }: { className: string }) {
  return <span className={cx("block h-3 rounded-small bg-pressed", className)} />;
}

function Bars({ className, widths }: { className: string; widths: readonly string[] }) {
  return (
    <div className={cx("flex items-center gap-5", className)}>
      {widths.map((width, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the order never changes
        <Bar key={index} className={width} />
      ))}
    </div>
  );
}

function Box({ className }: { className: string }) {
  return <div className={cx("rounded-control border border-line", className)} />;
}

function AddLine() {
  return <Box className="mb-3 h-[calc(var(--row-height)+2px)]" />;
}

function Rows({
  count = 8,
  ring = true,
  lined = false,
}: {
  count?: number;
  ring?: boolean;
  lined?: boolean;
}) {
  return rowWidths.slice(0, count).map((width, index) => (
    <div
      // oxlint-disable-next-line react/no-array-index-key -- the order never changes
      key={index}
      className={cx("flex h-row items-center", lined && "box-content border-b border-line last:border-0")}
    >
      {ring && <span className="mr-2.5 ml-px size-[1.125rem] shrink-0 rounded-full border border-line" />}
      <Bar className={width} />
    </div>
  ));
}

function Group({ rows }: { rows: number }) {
  return (
    <>
      <div className="mt-5 border-t border-line pt-3">
        <Bar className="mt-1 mb-2.5 w-28" />
      </div>
      <Rows count={rows} />
    </>
  );
}
