import { formatDuration } from "@/app/_todos/due";
import { DASHBOARD_DAYS, DASHBOARD_SAMPLE_MAX } from "@/lib/db/limits";
import type { Dashboard } from "@/lib/dashboard/types";

/** How it goes: three numbers, each with a sentence that says what it is of. */
export function Pace({
  streak,
  onTime,
  medianSecondsToComplete: median,
  completedPerDay,
}: Pick<Dashboard, "streak" | "onTime" | "medianSecondsToComplete" | "completedPerDay">) {
  const completed = completedPerDay.reduce((sum, { count }) => sum + count, 0);
  // Of very many only the latest were looked at.
  const isSample = completed > DASHBOARD_SAMPLE_MAX;
  const period = isSample
    ? `the latest ${DASHBOARD_SAMPLE_MAX} completed`
    : `those completed in the last ${DASHBOARD_DAYS} days`;
  const facts = [
    {
      name: "Streak",
      value: `${streak.toLocaleString("en")} ${streak === 1 ? "day" : "days"}`,
      about:
        streak === 0
          ? "Complete a todo today to begin one."
          : "Days in a row with a completed todo. Today counts once you have completed one.",
    },
    {
      name: "On time",
      value: onTime.of === 0 ? "–" : `${Math.round((onTime.count / onTime.of) * 100)} %`,
      about:
        onTime.of === 0
          ? isSample
            ? `None of ${period} had a due date.`
            : `No todo with a due date was completed in the last ${DASHBOARD_DAYS} days.`
          : `${onTime.count.toLocaleString("en")} of ${onTime.of.toLocaleString("en")} with a due date, of ${period}.`,
    },
    {
      name: "Time to complete",
      value: median === null ? "–" : formatDuration(median),
      about:
        median === null
          ? `No todo was completed in the last ${DASHBOARD_DAYS} days.`
          : `From adding to completing; half took less. Of ${period}.`,
    },
  ];
  return (
    <section aria-labelledby="pace" className="pt-8">
      <h2 id="pace" className="sr-only">
        Pace
      </h2>
      <dl className="grid gap-x-12 gap-y-5 sm:grid-cols-3">
        {facts.map(({ name, value, about }) => (
          <div key={name}>
            <dt className="text-item font-strong">{name}</dt>
            <dd className="text-page font-strong">{value}</dd>
            <dd className="text-meta text-faint">{about}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
