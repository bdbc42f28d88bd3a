import { addDays, daysBefore, jsonInstant, localDate, localHour } from "./days";
import * as content from "./demo-content";
import { PRIORITY_HIGH } from "../../lib/db/limits";
import { type DemoEvent, type DemoLedger, DemoTodo, type Row } from "./demo-ledger";
import type { Random } from "./random";

/** Robin signed up so many days ago. */
export const HISTORY_DAYS = 61;

export type World = {
  random: Random;
  ledger: DemoLedger;
  now: Date;
  today: string;
  timeZone: string;
  /** The earliest instant that a todo may be from. */
  start: Date;
  userId: string;
  organizationId: string;
  tagIds: Record<content.DemoTag, string>;
};

/** Robin's account, personal organization and tags, and with them what everything after needs. */
export function signUp(
  { random, ledger, now, timeZone }: Pick<World, "random" | "ledger" | "now" | "timeZone">,
  person: { email: string; name: string; passwordHash: string },
): World {
  const at = wholeSecond(
    between({ random, timeZone }, daysBefore(now, HISTORY_DAYS), daysBefore(now, HISTORY_DAYS - 0.8)),
  );
  const times = { created_at: jsonInstant(at), updated_at: jsonInstant(at) };
  const user = {
    id: random.id(at),
    email: person.email,
    name: person.name,
    password_hash: person.passwordHash,
    status: "active",
    bio: "",
    preferences: { timeZone },
    ...times,
  };
  const organization = { id: random.id(at), name: person.name, personal_user_id: user.id, ...times };
  const membership = {
    id: random.id(at),
    organization_id: organization.id,
    user_id: user.id,
    role: "owner",
    ...times,
  };
  ledger.rows.users.push(user);
  ledger.rows.organizations.push(organization);
  ledger.rows.memberships.push(membership);
  const command = ledger.command(at);
  command.record("user", null, user);
  command.record("organization", null, organization);
  command.record("membership", null, membership);

  const makeTag = ({ name, colour }: { name: string; colour: string }, index: number) => {
    const tagAt = new Date(at.getTime() + (index + 2) * 23_000);
    const tag = {
      id: random.id(tagAt),
      organization_id: organization.id,
      name,
      colour,
      created_at: jsonInstant(tagAt),
      updated_at: jsonInstant(tagAt),
    };
    ledger.rows.tags.push(tag);
    ledger.command(tagAt).record("tag", null, tag);
    return tag.id;
  };
  // The keys are those of DEMO_TAGS, which fromEntries forgets.
  const tagIds = Object.fromEntries(
    Object.entries(content.DEMO_TAGS).map(([key, tag], index) => [key, makeTag(tag, index)]),
  ) as Record<content.DemoTag, string>;

  return {
    random,
    ledger,
    now,
    timeZone,
    today: localDate(now, timeZone),
    start: new Date(at.getTime() + 3_600_000),
    userId: user.id,
    organizationId: organization.id,
    tagIds,
  };
}

/** Makes a todo; some get their description or last tag a while later, as people do it, but before `until`. */
export function add(
  world: World,
  [title, tags, description = ""]: content.DemoItem,
  at: Date,
  columns: Row,
  until: Date = world.now,
): DemoTodo {
  const { ledger, random, userId, organizationId, tagIds } = world;
  const links = tags.map((tag) => tagIds[tag]);
  const describedLater = description !== "" && random.chance(0.5);
  const lastTag = links.length > 1 && random.chance(0.2) ? links.pop() : undefined;
  const todo = new DemoTodo(ledger, random, at, {
    organization_id: organizationId,
    user_id: userId,
    title,
    description: describedLater ? "" : description,
    ...columns,
  });
  todo.create(links);
  if (lastTag !== undefined) todo.tag(after(world, todo, 0.03, until), lastTag);
  if (describedLater) todo.update(after(world, todo, 0.5, until), { description });
  return todo;
}

/** One of the changes that people make to a todo before it is done: later, or more pressing. */
export function edit(world: World, todo: DemoTodo): void {
  const { random, today } = world;
  const { due_date: due, priority: pressing } = todo.row;
  if (random.chance(0.5) && typeof due === "string" && due > today) {
    todo.update(after(world, todo, 3), { due_date: addDays(due, random.int(1, 7)) });
  } else if (Number(pressing) < PRIORITY_HIGH - 1) {
    todo.update(after(world, todo, 3), { priority: Number(pressing) + 1 });
  }
}

/** Between so many and so many days ago, but never before the start. */
export function ago(world: World, fewest: number, most: number): Date {
  const earliest = later(world.start, daysBefore(world.now, most));
  const latest = later(new Date(earliest.getTime() + 1000), daysBefore(world.now, fewest));
  return wholeSecond(between(world, earliest, latest));
}

/** Some time after the todo's last change, at most so many days, and before `until`. */
export function after(world: World, todo: DemoTodo, days: number, until: Date = world.now): Date {
  const from = todo.changedAt.getTime() + 2000;
  const to = Math.min(from + days * 86_400_000, until.getTime() - 1000);
  return wholeSecond(between(world, new Date(from), new Date(to)));
}

/** Somewhere between two instants, when people are awake if the span has such a time. */
export function between(
  { random, timeZone }: Pick<World, "random" | "timeZone">,
  from: Date,
  to: Date,
): Date {
  const span = Math.max(0, to.getTime() - from.getTime());
  let instant = from;
  for (let attempt = 0; attempt < 12; attempt += 1) {
    instant = new Date(from.getTime() + random.next() * span);
    const hour = localHour(instant, timeZone);
    if (hour >= 7 && hour < 23) break;
  }
  return instant;
}

export function wholeSecond(instant: Date): Date {
  return new Date(Math.ceil(instant.getTime() / 1000) * 1000);
}

export function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}

/** Robin signs in anew every ten days or so; what happened since then belongs to that session. */
export function withSessions({ ledger, random, userId }: World): DemoEvent[] {
  const events: DemoEvent[] = [];
  let session: { id: string; until: number } | undefined;
  for (const event of ledger.events.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    if (session === undefined || event.at.getTime() > session.until) {
      const at = new Date(event.at.getTime() - 40_000);
      session = { id: random.id(at), until: at.getTime() + random.int(7, 14) * 86_400_000 };
      // The first session begins with the account.
      const signedIn = events.length === 0 ? new Date(event.at.getTime() + 500) : at;
      events.push({
        id: random.id(signedIn),
        at: signedIn,
        command_id: random.id(signedIn),
        session_id: session.id,
        entity: "session",
        before: null,
        after: { id: session.id, user_id: userId },
      });
    }
    events.push({ ...event, session_id: session.id });
  }
  return events;
}
