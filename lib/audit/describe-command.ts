import { COUNT_MAX } from "../db/limits";
import { describeEntry } from "./describe";
import type { Activity, ActivityEntry, ActivityPart, LeftReason, LeftRow } from "./types";

/** A line about a command, and the todo that it is about, if there is one that can be opened. */
export type ActivityLine = { id: string; sentence: string; todoId: string | null };

/**
 * Puts a command into lines: one for each of its entries while they are few; else one for each kind of thing that it
 * did, such as “Completed 312 todos”.
 */
export function describeCommand({ entries, parts, count }: Activity): ActivityLine[] {
  if (count <= entries.length) {
    return entries.map((entry) => ({
      id: entry.id,
      sentence: describeEntry(entry),
      todoId: entry.entityType === "todo" && entry.action !== "purge" ? entry.entityId : null,
    }));
  }
  return parts.map((part) => ({
    id: `${part.entityType} ${part.action}`,
    sentence: describePart(part, entries),
    todoId: null,
  }));
}

/** What was done to many, by entity and action; whatever else there is was changed. */
const PARTS: Record<string, (count: string) => string> = {
  "todo create": (todos) => `Added ${todos}`,
  "todo start": (todos) => `Started ${todos}`,
  "todo complete": (todos) => `Completed ${todos}`,
  "todo reopen": (todos) => `Reopened ${todos}`,
  "todo cancel": (todos) => `Cancelled ${todos}`,
  "todo delete": (todos) => `Moved ${todos} to the trash`,
  "todo restore": (todos) => `Restored ${todos} from the trash`,
  "todo purge": (todos) => `Deleted ${todos} for ever`,
  "todo transfer": (todos) => `Handed ${todos} to someone else`,
  "todo receive": (todos) => `Received ${todos} from someone else`,
  "todo release": (todos) => `A colleague handed ${todos} to someone else`,
  "todo tag": (todos) => `Added tags to ${todos}`,
  "todo untag": (todos) => `Removed tags from ${todos}`,
  "tag create": (tags) => `Created ${tags}`,
  "tag delete": (tags) => `Deleted ${tags}`,
};

function describePart(
  { entityType, action, count, entityId }: ActivityPart,
  entries: ActivityEntry[],
): string {
  const only = count === 1 ? entries.find((entry) => entry.entityId === entityId) : undefined;
  const number = count > COUNT_MAX ? `${COUNT_MAX.toLocaleString("en")}+` : count.toLocaleString("en");
  const things = nameOf(only) ?? `${number} ${entityType}${count === 1 ? "" : "s"}`;
  return PARTS[`${entityType} ${action}`]?.(things) ?? `Changed ${things}`;
}

function nameOf(entry: ActivityEntry | undefined): string | null {
  if (entry === undefined || entry.title === null) return null;
  return entry.entityType === "tag" ? `the tag ${entry.title}` : `“${entry.title}”`;
}

const REASONS: Record<LeftReason, string> = {
  changed: "it was changed since",
  trashed: "it is in the trash",
  gone: "it was deleted for ever",
  name_taken: "another tag has its name now",
  in_use: "other todos carry it now",
  tag_gone: "its tag is gone",
  too_many_tags: "it would have too many tags",
  rule: "it would break a rule, such as a high priority without a due date",
  not_member: "who had it is no active member any more",
  impossible: "it cannot be changed back",
};

/** What an undo left, in a sentence: “Left as it is: “Buy milk” (it was changed since).” None when it left nothing. */
export function describeLeft({ left, leftCount }: { left: LeftRow[]; leftCount: number }): string | null {
  if (leftCount === 0) return null;
  const named = left.map(
    ({ title, entityType, reason }) =>
      `${title === null ? `a ${entityType}` : `“${title}”`} (${REASONS[reason]})`,
  );
  if (leftCount > left.length) named.push(`${(leftCount - left.length).toLocaleString("en")} more`);
  const list = new Intl.ListFormat("en-GB", { type: "conjunction" }).format(named);
  return `Left as ${leftCount === 1 ? "it is" : "they are"}: ${list}.`;
}
