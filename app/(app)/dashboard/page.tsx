import type { Metadata } from "next";
import { priorityName } from "@/app/_todos/priority";
import { TodoList } from "@/app/_todos/todo-list";
import { EmptyState } from "@/app/_ui/empty-state";
import { PageColumn } from "@/app/_ui/page-column";
import { PageHeader } from "@/app/_ui/page-header";
import { signedInPage } from "@/app/_ui/signed-in-page";
import { getDashboard } from "@/lib/dashboard/repository";
import { BarList } from "./bar-list";
import { CompletedChart } from "./completed-chart";
import { Counters } from "./counters";
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
