import { cx } from "@/app/_ui/cx";
import { PageColumn } from "@/app/_ui/page-column";

/** A grey bar in the place of words. It has the height of a line of its text. */
export function SkeletonBar({ className }: { className?: string }) {
  return <span data-slot="skeleton" className={cx("block h-3 rounded-small bg-pressed", className)} />;
}

function Title({ title }: { title?: string | undefined }) {
  return (
    <div className="flex min-h-9 items-center pb-3">
      {title === undefined ? (
        <SkeletonBar className="h-5 w-48" />
      ) : (
        <span className="text-page font-strong">{title}</span>
      )}
    </div>
  );
}

const rowWidths = ["w-3/5", "w-2/5", "w-1/2", "w-1/3", "w-2/3", "w-2/5", "w-1/4", "w-1/2"];

function Rows() {
  return rowWidths.map((width, index) => (
    <div key={index} className="flex h-row items-center gap-3">
      <span className="mx-[0.4375rem] size-[1.125rem] shrink-0 rounded-full border border-line" />
      <SkeletonBar className={width} />
    </div>
  ));
}

type SkeletonProps = { title?: string | undefined };

/** In the place of a list: title, the line for new todos where there is one, rows. */
export function ListSkeleton({ title, addLine = false }: SkeletonProps & { addLine?: boolean }) {
  return (
    <PageColumn aria-hidden="true" data-slot="list-skeleton">
      <Title title={title} />
      {addLine && <div className="mb-3 h-row rounded-control border border-line" />}
      <Rows />
    </PageColumn>
  );
}

/** In the place of one thing's page, or of a form. */
export function DetailSkeleton({ title }: SkeletonProps) {
  return (
    <PageColumn aria-hidden="true" data-slot="detail-skeleton">
      <Title title={title} />
      <div className="grid max-w-form gap-6 pt-2">
        {["w-16", "w-24", "w-20", "w-28"].map((width) => (
          <div key={width} className="grid gap-2">
            <SkeletonBar className={width} />
            <div className="h-9 rounded-control border border-line" />
          </div>
        ))}
      </div>
    </PageColumn>
  );
}

/** In the place of the dashboard: counters, charts, list. */
export function DashboardSkeleton({ title }: SkeletonProps) {
  return (
    <PageColumn wide aria-hidden="true" data-slot="dashboard-skeleton">
      <Title title={title} />
      <div className="grid grid-cols-2 gap-4 pb-8 md:grid-cols-4">
        {["open", "today", "overdue", "done"].map((name) => (
          <div key={name} className="grid h-20 content-center gap-3">
            <SkeletonBar className="h-6 w-12" />
            <SkeletonBar className="w-20" />
          </div>
        ))}
      </div>
      <div className="mb-8 h-48 rounded-panel bg-hover" />
      <Rows />
    </PageColumn>
  );
}
