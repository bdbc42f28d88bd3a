"use client";

import { useTags } from "@/app/_tags/store";
import type { Clock } from "@/app/_todos/due";
import { useCounts } from "@/app/_todos/store";
import { NavList } from "@/app/_ui/shell/nav-list";
import type { TagRow } from "@/lib/tags/types";
import type { Counts } from "@/lib/todos/types";

export type PersonNavProps = { tags: readonly TagRow[]; counts: Counts; clock: Clock };

/** Cairn's places with the person's tags and counts, kept true after every click. */
export function PersonNav({ tags, counts, clock }: PersonNavProps) {
  const { overdue, today, upcoming, open } = useCounts(counts, clock);
  return <NavList tags={useTags(tags)} counts={{ today: overdue + today, upcoming, all: open }} />;
}
