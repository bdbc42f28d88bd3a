"use client";

import type { Clock } from "@/app/_todos/due";
import { useCounts, usePageCounts } from "@/app/_todos/store";
import { countText } from "@/app/_ui/count";
import { PageHeader } from "@/app/_ui/page-header";
import type { Counts } from "@/lib/todos/types";

/** Which number stands beside a page's title. */
export type HeaderCount = "today" | "upcoming" | "open" | "trash";

type ListHeaderProps = {
  title: string;
  /** Absent where nothing counts what the list shows. */
  count?: HeaderCount | undefined;
  counts: Counts;
  clock: Clock;
  readAt: number;
};

/** The title of a list with its count, which follows every click. */
export function ListHeader({ title, count, counts, clock, readAt }: ListHeaderProps) {
  usePageCounts(counts, readAt);
  const now = useCounts(counts, clock);
  if (count === undefined) return <PageHeader title={title} />;
  const number = count === "today" ? now.overdue + now.today : now[count];
  const words = count === "trash" ? "in the trash" : "open";
  return <PageHeader title={title} count={number} countLabel={`${countText(number)} ${words}`} />;
}
