import { dayOf, formatDay, timeOf, type Clock } from "@/app/_todos/due";
import { RevertForm } from "@/app/_todos/revert-form";
import { describeEntry } from "@/lib/audit/describe";
import { earlierValues } from "@/lib/audit/earlier-values";
import type { ActivityEntry } from "@/lib/audit/types";
import type { Todo, TodoRow } from "@/lib/todos/types";

type TodoHistoryProps = { todo: Todo; entries: readonly ActivityEntry[]; timeZone: string; clock: Clock };

/** What happened to a todo, the latest first, with the values that were replaced and can come back. */
export function TodoHistory({ todo, entries, timeZone, clock }: TodoHistoryProps) {
  // Once for all of the forms, and without the text, which they do not show.
  const { description: _description, ...row } = todo;
  return (
    <ol className="grid gap-1.5">
      {entries.map((entry) => (
        <li key={entry.id} className="text-meta">
          <div className="flex flex-wrap gap-x-3">
            <span className="min-w-0 flex-1 basis-64 wrap-anywhere text-soft">
              {describeEntry(entry, { subject: false })}
              {!entry.mine && entry.actorName !== null && ` (${entry.actorName})`}
            </span>
            <time dateTime={entry.at.toISOString()} className="text-faint">
              {formatDay(dayOf(entry.at, timeZone), clock.today)} {timeOf(entry.at, timeZone)}
            </time>
          </div>
          {todo.deletedAt === null && <EarlierValues entry={entry} todo={todo} row={row} />}
        </li>
      ))}
    </ol>
  );
}

const excerptMax = 600;

/** The values that an entry replaced, each with a button that brings it back. */
function EarlierValues({ entry, todo, row }: { entry: ActivityEntry; todo: Todo; row: TodoRow }) {
  const values = earlierValues(entry, todo);
  if (values.length === 0) return null;
  return (
    <details>
      <summary className="w-fit text-faint">What it was before</summary>
      <dl className="my-1 grid gap-1 border-l-2 border-line pl-3">
        {values.map(({ field, name, value }) => (
          <div key={field} className="flex flex-wrap items-baseline gap-x-3">
            <dt className="w-24 text-faint">{name}</dt>
            <dd className="min-w-0 flex-1 wrap-anywhere whitespace-pre-wrap">
              {value === null ? <span className="text-faint">None</span> : cut(value)}
            </dd>
            <dd>
              <RevertForm todo={row} entryId={entry.id} field={field} name={name} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function cut(text: string): string {
  return text.length > excerptMax ? `${text.slice(0, excerptMax)}…` : text;
}
