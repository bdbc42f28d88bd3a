import { formatDay, type Clock } from "@/app/_todos/due";
import { fieldLabels, type EditField } from "@/app/_todos/edit";
import { priorityOptions } from "@/app/_todos/priority";
import type { EditConflict } from "@/app/_todos/use-todo-edit";
import { Button } from "@/app/_ui/button";
import { buttonStyle } from "@/app/_ui/button-style";
import { Notice } from "@/app/_ui/notice";

type ConflictNoticeProps = {
  conflict: EditConflict;
  clock: Clock;
  /** The page as it is saved now: what "Take theirs" leads to without script. */
  href: string;
  onTakeTheirs: () => void;
};

/**
 * Somebody else saved the todo meanwhile: both values of each disputed field, and the choice. It stands inside the form:
 * "Keep mine" sends what the form holds, which by now stands on the newer version.
 */
export function ConflictNotice({ conflict, clock, href, onTakeTheirs }: ConflictNoticeProps) {
  const { disputed, taken, mine, theirs } = conflict;
  return (
    <Notice tone="danger" className="grid gap-3">
      <p className="font-strong">
        Could not save: it was changed somewhere else in the meantime
        {disputed.length > 0 ? `, in the same place: ${labelsOf(disputed)}.` : "."} Nothing you typed is lost.
      </p>
      {disputed.length > 0 && (
        <dl className="grid gap-3 text-ink">
          {disputed.map((name) => (
            <div key={name} className="grid gap-1 @md:grid-cols-2 @md:gap-x-4">
              <dt className="font-strong @md:col-span-2">{fieldLabels[name]}</dt>
              <Version whose="Yours" text={fieldText(name, mine[name], clock)} />
              <Version whose="Theirs" text={fieldText(name, theirs[name], clock)} />
            </div>
          ))}
        </dl>
      )}
      {taken.length > 0 && (
        <p className="text-ink">Also changed there, and taken over here: {labelsOf(taken)}.</p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit">Keep mine</Button>
        {/* A plain link, and not the router's: without script it reads the page anew. */}
        <a
          href={href}
          className={buttonStyle("secondary")}
          onClick={(event) => {
            event.preventDefault();
            onTakeTheirs();
          }}
        >
          Take theirs
        </a>
      </div>
    </Notice>
  );
}

function labelsOf(fields: readonly EditField[]): string {
  return fields.map((name) => fieldLabels[name]).join(", ");
}

function Version({ whose, text }: { whose: string; text: string }) {
  return (
    <dd className="min-w-0">
      <span className="text-meta text-faint">{whose}</span>
      <span className="block max-h-40 overflow-y-auto wrap-anywhere whitespace-pre-wrap">
        {text === "" ? <span className="text-faint">empty</span> : text}
      </span>
    </dd>
  );
}

function fieldText(name: EditField, value: string, clock: Clock): string {
  if (name === "priority") return priorityOptions.find((one) => String(one.value) === value)?.name ?? value;
  if ((name === "dueDate" || name === "scheduledFor") && /^\d{4}-\d\d-\d\d$/.test(value)) {
    return formatDay(value, clock.today);
  }
  return value;
}
