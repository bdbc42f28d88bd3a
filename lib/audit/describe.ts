import type { Changes } from "../db/schema/audit-logs";
import type { ActivityEntry } from "./types";

type Described = Pick<ActivityEntry, "entityType" | "action" | "changes" | "title" | "at">;
type Sentence = (entry: Described, subject: boolean) => string;

/**
 * Puts an entry of the audit log into one plain sentence: “Completed “Buy milk””, “Changed due date from 3 Dec to
 * 5 Dec”. Says nothing of who did it and when; those stand beside it. Client-safe and pure: days of another year than
 * the entry's own carry their year.
 * @param options.subject whether the sentence names the todo it is about; a todo's own history leaves it out
 */
export function describeEntry(entry: Described, options: { subject?: boolean } = {}): string {
  const { subject = true } = options;
  const sentence = SENTENCES.get(`${entry.entityType} ${entry.action}`);
  return sentence?.(entry, subject) ?? `Changed ${named(entry, "something")}`;
}

/** Every action that the log holds (app.audit_entry, app.audit_hands, app.undo_command), by entity; tests/audit holds them together. */
const BY_ENTITY: Record<string, Record<string, Sentence>> = {
  todo: {
    create: about("Added", ""),
    start: about("Started", ""),
    complete: about("Completed", ""),
    reopen: about("Reopened", ""),
    cancel: about("Cancelled", ""),
    delete: about("Moved", "to the trash"),
    restore: about("Restored", "from the trash"),
    purge: about("Deleted", "for ever"),
    transfer: ({ changes, title }, subject) =>
      words(
        "user_id" in changes ? "Handed" : "Moved",
        subject && quoted(title, "a todo"),
        "user_id" in changes ? "to someone else" : "to another organization",
      ),
    receive: about("Received", "from someone else"),
    release: (entry, subject) =>
      words(subject ? named(entry, "A todo") : "It", "was handed to someone else by a colleague"),
    tag: (entry, subject) =>
      words(`Added the tag ${tagName(entry.changes)}`, subject && `to ${named(entry, "a todo")}`),
    untag: (entry, subject) =>
      words(`Removed the tag ${tagName(entry.changes)}`, subject && `from ${named(entry, "a todo")}`),
    update: (entry, subject) =>
      changed(entry, TODO_FIELDS, subject ? named(entry, "a todo") : null) ??
      words("Changed", subject ? named(entry, "a todo") : "something"),
  },
  tag: {
    create: ({ title }) => `Created the tag ${title ?? "(no name)"}`,
    delete: ({ title }) => `Deleted the tag ${title ?? "(no name)"}`,
    transfer: ({ title }) => `Moved the tag ${title ?? "(no name)"} to another organization`,
    update: (entry) => {
      const tag = `the tag ${entry.title ?? "(no name)"}`;
      return changed(entry, TAG_FIELDS, tag) ?? `Changed ${tag}`;
    },
  },
  command: {
    undo: () => "Took back what was done before",
    redo: () => "Did again what was taken back before",
  },
  user: {
    create: () => "Created the account",
    delete: () => "Deleted the account",
    restore: () => "Restored the account",
    update: (entry) => changed(entry, USER_FIELDS, null) ?? "Changed the account",
  },
  account: {
    create: ({ changes }) => `Connected ${text(changes.provider?.[1]) ?? "another service"} for signing in`,
    delete: ({ changes }) =>
      `Disconnected ${text(changes.provider?.[0]) ?? "another service"} from signing in`,
    transfer: () => "Moved a way to sign in to another account",
    update: () => "Changed a way to sign in",
  },
  session: {
    sign_in: () => "Signed in",
    sign_out: () => "Signed out",
    end: () => "A session ended",
    revoke: () => "Ended a session",
    transfer: () => "Moved a session to another account",
    update: () => "Changed a session",
  },
  organization: {
    create: (entry) => `Created the organization ${named(entry, "(no name)")}`,
    delete: (entry) => `Deleted the organization ${named(entry, "(no name)")}`,
    restore: (entry) => `Restored the organization ${named(entry, "(no name)")}`,
    update: (entry) => {
      const organization = `the organization ${named(entry, "(no name)")}`;
      return changed(entry, ORGANIZATION_FIELDS, organization) ?? `Changed ${organization}`;
    },
  },
  membership: {
    create: (entry) =>
      words(`Added a member to ${named(entry, "an organization")}`, role("as", entry.changes, 1)),
    delete: (entry) =>
      words(`Removed a member from ${named(entry, "an organization")}`, role("who was", entry.changes, 0)),
    transfer: (entry) => `Moved a membership of ${named(entry, "an organization")}`,
    update: (entry) =>
      changed(entry, MEMBERSHIP_FIELDS, named(entry, "an organization")) ?? "Changed a member",
  },
};

const SENTENCES = new Map(
  Object.entries(BY_ENTITY).flatMap(([entity, actions]) =>
    Object.entries(actions).map(([action, sentence]) => [`${entity} ${action}`, sentence] as const),
  ),
);

/** One changed field as a phrase in lower case, such as “changed due date of “Buy milk” from 3 Dec to 5 Dec”. */
type Phrase = (before: unknown, after: unknown, owner: string | null, year: number) => string | string[];

const TODO_FIELDS: Record<string, Phrase> = {
  title: (before, after) => `renamed ${quoted(text(before), "it")} to ${quoted(text(after), "(no title)")}`,
  description: (before, after, owner) => {
    // Both are null once the todo was deleted for ever: that it changed is all that is kept.
    if (before === "") return words("added a description", owner && `to ${owner}`);
    return words(after === "" ? "removed the description" : "changed description", owner && `of ${owner}`);
  },
  due_date: field("due date", day),
  due_time: field("due time", (value) => text(value)?.slice(0, 5) ?? null),
  scheduled_for: field("scheduled day", day),
  priority: field("priority", text),
};

const TAG_FIELDS: Record<string, Phrase> = {
  name: (before, after) => `renamed the tag ${text(before)} to ${text(after)}`,
  colour: field("colour", text),
  icon: field("icon", text),
};

const USER_FIELDS: Record<string, Phrase> = {
  name: field("name", text),
  email: field("e-mail address", text),
  password: () => "changed the password",
  email_verified_at: (_, after) =>
    after === null ? "withdrew the e-mail address’s confirmation" : "confirmed the e-mail address",
  status: (_, after) => (after === "active" ? "activated the account" : `made the account ${text(after)}`),
  avatar_url: (_, after) => (after === null ? "removed the picture" : "changed the picture"),
  bio: () => "changed the biography",
  preferences: (before, after, owner, year) =>
    Object.entries(PREFERENCES).flatMap(([key, phrase]) => {
      const [was, is] = [property(before, key), property(after, key)];
      return was === is ? [] : phrase(was, is, owner, year);
    }),
};

const PREFERENCES: Record<string, Phrase> = {
  theme: field("theme", text),
  timeZone: field("time zone", text),
  weekStart: field("first day of the week", (value) => WEEKDAYS[Number(value)] ?? null),
};

const ORGANIZATION_FIELDS: Record<string, Phrase> = {
  name: (before, after) =>
    `renamed the organization ${quoted(text(before), "")} to ${quoted(text(after), "")}`,
};

const MEMBERSHIP_FIELDS: Record<string, Phrase> = { role: field("a member’s role", text) };

/** By ISO number. */
const WEEKDAYS = ["", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

// Made once: they are dear to make, and a page of the history asks for them in every row.
const conjunction = new Intl.ListFormat("en-GB", { type: "conjunction" });
const dayMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const dayMonthYear = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** The phrases of all the changed fields as one sentence, the owner named once; null when none of them is known. */
function changed(entry: Described, fields: Record<string, Phrase>, owner: string | null): string | null {
  const phrases: string[] = [];
  for (const [key, phrase] of Object.entries(fields)) {
    const change = entry.changes[key];
    if (change === undefined) continue;
    const more = phrase(change[0], change[1], phrases.length === 0 ? owner : null, entry.at.getUTCFullYear());
    phrases.push(...[more].flat());
  }
  if (phrases.length === 0) return null;
  const sentence = conjunction.format(phrases);
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function field(label: string, show: (value: unknown, year: number) => string | null): Phrase {
  return (before, after, owner, year) => {
    const [was, is] = [show(before, year), show(after, year)];
    const what = words(label, owner && `of ${owner}`);
    if (is === null) return `removed ${what}${was === null ? "" : ` (was ${was})`}`;
    return was === null ? `set ${what} to ${is}` : `changed ${what} from ${was} to ${is}`;
  };
}

function about(verb: string, rest: string): Sentence {
  return (entry, subject) => words(verb, subject && named(entry, "a todo"), rest);
}

function named({ title }: Described, otherwise: string): string {
  return quoted(title, otherwise);
}

function quoted(name: string | null, otherwise: string): string {
  return name === null ? otherwise : `“${name}”`;
}

function words(...parts: (string | false | null)[]): string {
  return parts.filter(Boolean).join(" ");
}

function role(preposition: string, changes: Changes, side: 0 | 1): string | null {
  const name = text(changes.role?.[side]);
  return name === null ? null : `${preposition} ${name}`;
}

function tagName(changes: Changes): string {
  const link = changes.tags;
  return text(property(link?.[1] ?? link?.[0], "name")) ?? "(no name)";
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function text(value: unknown): string | null {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : null;
}

/** A day as these sentences say it: “3 Dec”, with its year when that is another one than the entry's. */
export function describeDay(value: unknown, at: Date): string | null {
  return day(value, at.getUTCFullYear());
}

function day(value: unknown, year: number): string | null {
  const iso = text(value);
  if (iso === null) return null;
  const date = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return iso;
  return (date.getUTCFullYear() === year ? dayMonth : dayMonthYear).format(date);
}
