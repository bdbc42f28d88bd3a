import type { Metadata } from "next";
import Link from "next/link";
import { dayHeading, dayOf, timeOf } from "@/app/_todos/due";
import { EmptyState } from "@/app/_ui/empty-state";
import { LinkButton } from "@/app/_ui/link-button";
import { Notice } from "@/app/_ui/notice";
import { PageColumn } from "@/app/_ui/page-column";
import { PageHeader } from "@/app/_ui/page-header";
import { signedInPage } from "@/app/_ui/signed-in-page";
import { describeEntry } from "@/lib/audit/describe";
import { parseActivityQuery } from "@/lib/audit/input";
import { listActivity } from "@/lib/audit/repository";
import type { ActivityEntry } from "@/lib/audit/types";

export const metadata: Metadata = { title: "Activity" };

export default signedInPage<PageProps<"/activity">>(async (scope, { searchParams }) => {
  const { cursor, problems } = parseActivityQuery(await searchParams);
  const [{ today, timeZone }, { entries, nextCursor }] = await Promise.all([
    scope.actor(),
    listActivity(scope, { cursor }),
  ]);
  return (
    <PageColumn>
      <PageHeader title="Activity" />
      <p className="pb-4 text-soft">Everything you changed, newest first.</p>
      {problems.map((problem) => (
        <Notice key={problem} className="mb-4">
          {problem}
        </Notice>
      ))}
      {entries.length === 0 && (
        <EmptyState title="Nothing yet">What you add, change and complete will be listed here.</EmptyState>
      )}
      {byDay(entries, timeZone).map(({ day, entries: ofDay }) => (
        <section key={day} aria-labelledby={`day-${day}`} className="border-t border-line py-3">
          <h2 id={`day-${day}`} className="pb-1 text-meta font-strong text-soft">
            {dayHeading(day, today)}
          </h2>
          <ol>
            {ofDay.map((entry) => (
              <Entry key={entry.id} entry={entry} timeZone={timeZone} />
            ))}
          </ol>
        </section>
      ))}
      <div className="flex gap-2 pt-4">
        {cursor !== undefined && (
          <LinkButton href="/activity" variant="quiet">
            Newest
          </LinkButton>
        )}
        {nextCursor !== null && (
          <LinkButton href={`/activity?cursor=${nextCursor}`} rel="next">
            Older
          </LinkButton>
        )}
      </div>
    </PageColumn>
  );
});

function Entry({ entry, timeZone }: { entry: ActivityEntry; timeZone: string }) {
  const sentence = describeEntry(entry);
  const reachable = entry.entityType === "todo" && entry.action !== "purge";
  return (
    <li className="flex gap-4 py-1">
      <time dateTime={entry.at.toISOString()} className="w-11 shrink-0 text-faint">
        {timeOf(entry.at, timeZone)}
      </time>
      {reachable ? (
        <Link
          href={`/todos/${entry.entityId}`}
          prefetch={false}
          className="min-w-0 no-underline hover:underline"
        >
          {sentence}
        </Link>
      ) : (
        <span className="min-w-0">{sentence}</span>
      )}
    </li>
  );
}

/** Entries in a row that fell on the same day of the person's time zone. */
function byDay(entries: readonly ActivityEntry[], timeZone: string) {
  const days: { day: string; entries: ActivityEntry[] }[] = [];
  for (const entry of entries) {
    const day = dayOf(entry.at, timeZone);
    const last = days.at(-1);
    if (last !== undefined && last.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}
