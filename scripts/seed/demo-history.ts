import { addDays, daysBefore, daysBetween, jsonInstant, localDate, localHour } from "./days";
import * as content from "./demo-content";
import { type DemoEvent, type Row, type Table, createDemoLedger } from "./demo-ledger";
import {
  HISTORY_DAYS,
  type World,
  add,
  after,
  ago,
  between,
  edit,
  later,
  signUp,
  withSessions,
  wholeSecond,
} from "./demo-world";
import { type Random, createRandom } from "./random";

/** On each of the last days something was done. */
const STREAK_DAYS = 9;

export type Demo = { rows: Record<Table, Row[]>; events: DemoEvent[] };

/**
 * Robin's two months with Cairn: the rows as they are at `now` and the events that led there, the same at every call
 * for the same instant and zone.
 * @param person what only the caller knows: e-mail, name, the password's hash
 */
export function buildDemo({
  now,
  timeZone,
  person,
}: {
  now: Date;
  timeZone: string;
  person: { email: string; name: string; passwordHash: string };
}): Demo {
  const random = createRandom(20_26);
  const ledger = createDemoLedger(random);
  const world = signUp({ random, ledger, now, timeZone }, person);
  for (const item of content.OVERDUE) addOverdue(world, item);
  for (const item of content.TODAY) addDueToday(world, item);
  content.UPCOMING.forEach((item, index) => addUpcoming(world, item, index));
  for (const item of content.IN_PROGRESS) addInProgress(world, item);
  for (const item of content.SOMEDAY) addSomeday(world, item);
  for (const item of content.CANCELLED) addCancelled(world, item);
  for (const item of content.TRASHED) addTrashed(world, item);
  const days = completionDays(world, content.COMPLETED.length);
  content.COMPLETED.forEach((item, index) => addCompleted(world, item, days[index] ?? 0, index % 17 === 5));
  return { rows: ledger.rows, events: withSessions(world) };
}

function addOverdue(world: World, item: content.DemoItem): void {
  const { random, today } = world;
  const late = random.int(1, 9);
  const at = ago(world, late + 2, late + 11);
  const due = addDays(today, -late);
  const todo = add(world, item, at, { due_date: due, priority: priority(random, 1, 5) });
  if (random.chance(0.5)) edit(world, todo);
}

function addDueToday(world: World, item: content.DemoItem): void {
  const { random, today } = world;
  const todo = add(world, item, ago(world, 0.2, 8), {
    due_date: today,
    due_time: random.chance(0.4) ? time(random) : null,
    priority: priority(random, 1, 5),
  });
  if (random.chance(0.3)) edit(world, todo);
}

function addUpcoming(world: World, item: content.DemoItem, index: number): void {
  const { random, today } = world;
  // Close together in the days ahead, further apart later.
  const ahead = 1 + Math.floor((index * index) / 42) + random.int(0, 2);
  const due = addDays(today, ahead);
  const columns = {
    due_time: random.chance(0.25) ? time(random) : null,
    scheduled_for: random.chance(0.15) ? addDays(due, -random.int(0, Math.min(3, ahead))) : null,
    priority: priority(random, 0, 5),
  };
  if (index % 9 === 4) return putOff(world, item, due, columns);
  const todo = add(world, item, ago(world, 0.2, 20), { due_date: due, ...columns });
  if (random.chance(0.35)) edit(world, todo);
  if (index % 14 === 3) {
    const at = after(world, todo, 0.5);
    todo.update(at, { deleted_at: jsonInstant(at) });
    todo.update(after(world, todo, 0.0005), { deleted_at: null });
  }
}

/** Should have been done long ago, and was moved on each time that its day came near. */
function putOff(world: World, item: content.DemoItem, due: string, columns: Row): void {
  const { random } = world;
  const at = ago(world, 14, 20);
  const first = addDays(localDate(at, world.timeZone), random.int(1, 3));
  const todo = add(world, item, at, { ...columns, scheduled_for: null, due_date: first });
  const times = random.int(2, 5);
  for (let move = 1; move <= times; move += 1) {
    const days = Math.round((daysBetween(first, due) * move) / times);
    todo.update(after(world, todo, 2.5), { due_date: addDays(first, days) });
  }
}

function addInProgress(world: World, item: content.DemoItem): void {
  const { random, today } = world;
  const todo = add(world, item, ago(world, 6, 20), {
    due_date: random.chance(0.7) ? addDays(today, random.int(2, 16)) : null,
    priority: priority(random, 1, 3),
  });
  todo.update(after(world, todo, 4), { status: "in_progress" });
  edit(world, todo);
}

function addSomeday(world: World, item: content.DemoItem): void {
  const todo = add(world, item, ago(world, 1, 58), { priority: priority(world.random, 0, 2) });
  if (world.random.chance(0.2)) edit(world, todo);
}

function addCancelled(world: World, item: content.DemoItem): void {
  const { random } = world;
  const todo = add(world, item, ago(world, 8, 50), { priority: priority(random, 0, 3) });
  todo.update(after(world, todo, 7), { status: "cancelled" });
}

function addTrashed(world: World, item: content.DemoItem): void {
  const { random } = world;
  const todo = add(world, item, ago(world, 6, 40), { priority: priority(random, 0, 2) });
  if (random.chance(0.3)) todo.complete(after(world, todo, 2));
  const at = after(world, todo, 4);
  todo.update(at, { deleted_at: jsonInstant(at) });
}

/** @param daysAgo on which day it was done: 0 is today, in the last hours */
function addCompleted(world: World, item: content.DemoItem, daysAgo: number, tooSoon: boolean): void {
  const { random, now } = world;
  const done =
    daysAgo === 0
      ? wholeSecond(
          between(world, new Date(now.getTime() - 5 * 3_600_000), new Date(now.getTime() - 600_000)),
        )
      : wholeSecond(between(world, ...wakingHours(world, daysAgo)));
  const at = wholeSecond(
    between(
      world,
      later(world.start, daysBefore(done, random.int(1, 9))),
      new Date(done.getTime() - 900_000),
    ),
  );
  // Most of what had a day was done by it.
  const dueDay = random.chance(0.8)
    ? addDays(localDate(done, world.timeZone), random.int(0, 5))
    : addDays(localDate(at, world.timeZone), random.int(0, 2));
  const due = random.chance(0.6) ? dueDay : null;
  const columns = { due_date: due, priority: priority(random, 0, due === null ? 3 : 5) };
  const todo = add(world, item, at, columns, done);
  if (random.chance(0.25)) todo.update(after(world, todo, 2, done), { status: "in_progress" });
  todo.complete(done);
  if (tooSoon) {
    todo.update(after(world, todo, 0.01), { status: "pending", completed_at: null });
    todo.complete(after(world, todo, 0.01));
  }
}

/** From seven to ten on a day, by the person's clock. */
function wakingHours({ now, timeZone }: World, daysAgo: number): [from: Date, to: Date] {
  const hour = localHour(now, timeZone);
  const at = (wanted: number) => new Date(daysBefore(now, daysAgo).getTime() + (wanted - hour) * 3_600_000);
  return [at(7), at(22)];
}

/** How many days ago each todo of the completed ones was done, longest first: good days, bad days, quiet weekends. */
function completionDays({ random, today }: World, count: number): number[] {
  const days = [0, 0, 0];
  while (days.length < count) {
    for (let day = 1; day < HISTORY_DAYS - 2 && days.length < count; day += 1) {
      const weekday = new Date(addDays(today, -day)).getUTCDay();
      const usual =
        weekday === 0 || weekday === 6 ? random.pick([0, 0, 0, 1, 2]) : random.pick([0, 0, 1, 1, 2, 3, 4]);
      const busy = day < STREAK_DAYS ? Math.max(1, usual) : usual;
      for (let done = 0; done < busy && days.length < count; done += 1) days.push(day);
    }
  }
  return days.toSorted((a, b) => b - a);
}

/** How pressing: often not said at all, and otherwise the middle more often than the ends. */
function priority(random: Random, from: number, to: number): number {
  if (random.chance(0.25)) return 0;
  return Math.round((random.int(from, to) + random.int(from, to)) / 2);
}

function time(random: Random): string {
  return random.pick(["08:30:00", "09:00:00", "10:15:00", "14:00:00", "16:30:00", "18:00:00", "19:30:00"]);
}
