"use client";

import Link from "next/link";
import type { Route } from "next";
import type { Dashboard } from "@/lib/dashboard/types";

// A client component for the same reason as BarList.

/** The numbers first, each leading to the todos that it counts where a list can show just those. */
export function Counters({ counters }: { counters: Dashboard["counters"] }) {
  const entries: { name: string; count: number; href?: string; late?: boolean }[] = [
    { name: "Open", count: counters.open, href: "/todos" },
    { name: "Overdue", count: counters.overdue, href: "/todos?due=overdue", late: counters.overdue > 0 },
    { name: "Due today", count: counters.dueToday, href: "/todos?due=today" },
    { name: "Due this week", count: counters.dueThisWeek },
    { name: "In progress", count: counters.inProgress, href: "/todos?status=in_progress" },
    { name: "High priority", count: counters.highPriority },
    { name: "Done today", count: counters.completedToday },
    { name: "Done this week", count: counters.completedThisWeek },
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-5 pt-2 pb-8 sm:grid-cols-4">
      {entries.map(({ name, count, href, late }) => (
        <div key={name} className="flex flex-col-reverse">
          <dt className="text-meta text-faint">
            {href === undefined ? (
              name
            ) : (
              // Safe: these are addresses of pages of ours, with a query.
              <Link href={href as Route} prefetch={false} className="no-underline hover:underline">
                {name}
              </Link>
            )}
          </dt>
          <dd className={late ? "text-page font-strong text-danger" : "text-page font-strong"}>
            {count.toLocaleString("en")}
          </dd>
        </div>
      ))}
    </dl>
  );
}
