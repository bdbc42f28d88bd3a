import type { Metadata } from "next";
import Link from "next/link";
import { dayHeading, dayOf, timeOf } from "@/app/_todos/due";
import { UndoForm } from "@/app/_todos/undo-form";
import { EmptyState } from "@/app/_ui/empty-state";
import { LinkButton } from "@/app/_ui/link-button";
import { Notice } from "@/app/_ui/notice";
import { PageColumn } from "@/app/_ui/page-column";
import { PageHeader } from "@/app/_ui/page-header";
import { signedInPage } from "@/app/_ui/signed-in-page";
import { describeCommand, describeLeft } from "@/lib/audit/describe-command";
import { parseActivityQuery } from "@/lib/audit/input";
import { listActivity } from "@/lib/audit/repository";
import type { Activity } from "@/lib/audit/types";

export const metadata: Metadata = { title: "Activity" };

export default signedInPage<PageProps<"/activity">>(async (scope, { searchParams }) => {
  const { cursor, problems } = parseActivityQuery(await searchParams);
  const [{ today, timeZone }, { commands, nextCursor }] = await Promise.all([
    scope.actor(),
    listActivity(scope, { cursor }),
  ]);
  return (
    <PageColumn>
      <PageHeader title="Activity" />
      <p className="pb-4 text-soft">
        Everything you changed, newest first. What was done by mistake can be undone.
      </p>
      {problems.map((problem) => (
        <Notice key={problem} className="mb-4">
          {problem}
        </Notice>
      ))}
      {commands.length === 0 && (
        <EmptyState title="Nothing yet">What you add, change and complete will be listed here.</EmptyState>
      )}
      {byDay(commands, timeZone).map(({ day, commands: ofDay }) => (
        <section key={day} aria-labelledby={`day-${day}`} className="border-t border-line py-3">
          <h2 id={`day-${day}`} className="pb-1 text-meta font-strong text-soft">
            {dayHeading(day, today)}
          </h2>
          <ol>
            {ofDay.map((command) => (
              <Command key={command.id} command={command} timeZone={timeZone} />
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

function Command({ command, timeZone }: { command: Activity; timeZone: string }) {
  const { id, at, undo, undid } = command;
  const lines = describeCommand(command);
  const left = undid && describeLeft(undid);
  return (
    <li className="flex min-h-row items-start gap-4 py-1">
      <time dateTime={at.toISOString()} className="w-11 shrink-0 py-1 text-faint">
        {timeOf(at, timeZone)}
      </time>
      <div className="grid min-w-0 flex-1 gap-1 py-1 wrap-anywhere">
        {undid !== null && <span className="text-meta text-faint">{undid.redo ? "Redo" : "Undo"}</span>}
        {lines.map(({ id: lineId, sentence, todoId }) =>
          todoId === null ? (
            <span key={lineId}>{sentence}</span>
          ) : (
            <Link
              key={lineId}
              href={`/todos/${todoId}`}
              prefetch={false}
              className="justify-self-start no-underline hover:underline"
            >
              {sentence}
            </Link>
          ),
        )}
        {left !== null && <span className="text-meta text-soft">{left}</span>}
      </div>
      {undo === "possible" && (
        <UndoForm commandId={id} redo={undid?.redo === false} words={lines[0]?.sentence ?? ""} />
      )}
      {undo === "done" && (
        <span className="py-1 text-meta text-faint">{undid?.redo === false ? "Redone" : "Undone"}</span>
      )}
    </li>
  );
}

/** Commands in a row that fell on the same day of the person's time zone. */
function byDay(commands: readonly Activity[], timeZone: string) {
  const days: { day: string; commands: Activity[] }[] = [];
  for (const command of commands) {
    const day = dayOf(command.at, timeZone);
    const last = days.at(-1);
    if (last !== undefined && last.day === day) last.commands.push(command);
    else days.push({ day, commands: [command] });
  }
  return days;
}
