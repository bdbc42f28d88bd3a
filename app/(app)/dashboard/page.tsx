import type { Metadata } from "next";
import Link from "next/link";
import type { Route } from "next";
import { priorityName } from "@/app/_todos/priority";
import { TodoList } from "@/app/_todos/todo-list";
import { EmptyState } from "@/app/_ui/empty-state";
import { PageColumn } from "@/app/_ui/page-column";
import { PageHeader } from "@/app/_ui/page-header";
import { signedInPage } from "@/app/_ui/signed-in-page";
import { getDashboard } from "@/lib/dashboard/repository";
import type { Dashboard } from "@/lib/dashboard/types";
import { BarList } from "./bar-list";
import { CompletedChart } from "./completed-chart";
import { Pace } from "./pace";

export const metadata: Metadata = { title: "Dashboard" };

export default signedInPage(async (scope) => {
  const readAt = Date.now();
  const [{ today, localTime }, dashboard] = await Promise.all([scope.actor(), getDashboard(scope)]);
  const { counters, completedPerDay, byStatus, byPriority, byTag, mostPostponed, list } = dashboard;
  return (
    <PageColumn wide>
      <PageHeader title="Dashboard" />
      <Counters counters={counters} />
      <CompletedChart days={completedPerDay} today={today} />
      <Pace {...dashboard} />
      <div className="grid gap-x-12 gap-y-8 pt-10 sm:grid-cols-2">
        <BarList
          id="by-status"
          title="By status"
          column="Status"
          bars={byStatus.map(({ status, count }) => ({
            key: status,
            name: statusNames[status],
            count,
            href: `/todos?status=${status}`,
          }))}
        />
        <BarList
          id="by-priority"
          title="Open, by priority"
          column="Priority"
          bars={byPriority.map(({ priority, count }) => ({
            key: String(priority),
            name: priorityName(priority),
            count,
            colour: priorityColours[priority],
          }))}
        />
        <BarList
          id="by-tag"
          title="Open, by tag"
          column="Tag"
          empty="No open todo has a tag yet."
          bars={byTag.map(({ tag, count }) => ({
            key: tag.id,
            name: tag.name,
            count,
            colour: tag.colour,
            href: `/todos?tag=${encodeURIComponent(tag.name)}`,
          }))}
        />
        <BarList
          id="most-postponed"
          title="Put off most often"
          column="Todo"
          counted="Times"
          about="How many times its due date was moved to a later day."
          empty="No open todo was ever moved to a later day."
          bars={mostPostponed.map(({ id, title, times }) => ({
            key: id,
            name: title,
            count: times,
            href: `/todos/${id}`,
          }))}
        />
      </div>
      <section aria-labelledby="pressing" className="pt-10">
        <h2 id="pressing" className="pb-2 text-item font-strong">
          Most pressing
        </h2>
        <TodoList
          rows={list}
          readAt={readAt}
          view={{ kind: "fixed" }}
          clock={{ today, time: localTime }}
          label="Most pressing todos"
          empty={<EmptyState title="Nothing is open">Everything you wrote down is done.</EmptyState>}
        />
      </section>
    </PageColumn>
  );
});

const statusNames = {
  pending: "To do",
  in_progress: "In progress",
  completed: "Done",
  cancelled: "Cancelled",
} as const;

const priorityColours = [0, 1, 2, 3, 4, 5].map((priority) => `var(--color-p${priority})`);

/** The numbers first, each leading to the todos that it counts where a list can show just those. */
function Counters({ counters }: { counters: Dashboard["counters"] }) {
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
