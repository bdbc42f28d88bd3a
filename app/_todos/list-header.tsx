"use client";

import type { Clock } from "@/app/_todos/due";
import { useCounts, usePageCounts } from "@/app/_todos/store";
import { countText } from "@/app/_ui/count";
import { PageHeader } from "@/app/_ui/page-header";
import type { Counts } from "@/lib/todos/types";

/** Which number stands beside a page's title: one that is kept true, or how many the list found when it was read. */
export type HeaderCount = "today" | "upcoming" | "open" | "trash" | { found: number };

type ListHeaderProps = {
  title: string;
  count: HeaderCount;
  counts: Counts;
  clock: Clock;
  readAt: number;
};

/** The title of a list with its count, which follows every click where it can. */
export function ListHeader({ title, count, counts, clock, readAt }: ListHeaderProps) {
  usePageCounts(counts, readAt);
  const now = useCounts(counts, clock);
  if (typeof count === "object") return header(title, count.found, "found");
  const number = count === "today" ? now.overdue + now.today : now[count];
  return header(title, number, count === "trash" ? "in the trash" : "open");
}

function header(title: string, count: number, words: string) {
  return <PageHeader title={title} count={count} countLabel={`${countText(count)} ${words}`} />;
}
