import type { ReactNode } from "react";
import { countText } from "@/app/_ui/count";
import { cx } from "@/app/_ui/cx";

type PageHeaderProps = {
  title: string;
  /** How many things the page holds; read out with `countLabel`, for example "12 open". From COUNT_MAX on it is said to be more. */
  count?: number | undefined;
  /** Whether there may be more than that. */
  moreCount?: boolean | undefined;
  countLabel?: string | undefined;
  actions?: ReactNode;
  className?: string;
};

/** The page's one h1, its count and its actions. The count is no part of the heading's name. */
export function PageHeader(props: PageHeaderProps) {
  const { title, count, moreCount, countLabel, actions, className } = props;
  return (
    <div data-slot="page-header" className={cx("flex min-h-9 items-center gap-3 pb-3", className)}>
      <h1 className="min-w-0 text-page font-strong text-balance">{title}</h1>
      {count !== undefined && (
        <span className="pt-1 text-body text-faint">
          <span aria-hidden={countLabel !== undefined}>{countText(count, moreCount)}</span>
          {countLabel !== undefined && <span className="sr-only">{countLabel}</span>}
        </span>
      )}
      {actions !== undefined && <div className="ml-auto flex items-center gap-1">{actions}</div>}
    </div>
  );
}
