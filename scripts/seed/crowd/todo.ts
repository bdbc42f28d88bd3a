import { PRIORITY_HIGH } from "../../../lib/db/limits";
import type { Random } from "../random";
import { created, jsonTime, sqlTime, type Changes } from "./history";
import { idAt } from "./ids";
import { sessionOf, type CrowdPerson, type Place, type World } from "./people";

type TodoColumns = {
  id: string;
  organization_id: string;
  user_id: string;
  title: string;
  description: string;
  status: "pending" | "in_progress" | "completed" | "cancelled";
  priority: number;
  due_date: string | null;
  due_time: string | null;
  scheduled_for: string | null;
  completed_at: string | null;
  deleted_at: string | null;
};

/** Something that is done to a todo on a day: a change of columns, or of its tags. */
type Step = { day: number; do: (todo: Todo) => void };

const SHARES = {
  described: 0.35,
  due: 0.5,
  dueTime: 0.15,
  scheduled: 0.12,
  inTeam: 0.25,
  postponed: 0.15,
  completed: 0.88,
  cancelled: 0.04,
  deleted: 0.03,
};
/** How many of a hundred todos have each priority, from 0 to 5. */
const PRIORITIES = [50, 15, 14, 11, 7, 3] as const;
/** The trash is emptied now and then: nothing lies in it for longer. */
const TRASH_DAYS = 45;

/** Makes a todo of that day and all that becomes of it until the history's end. */
export function makeTodo(world: World, person: CrowdPerson): void {
  const { clock, sink } = world;
  const todo = new Todo(world, person);
  const steps = planLife(world, todo);
  for (const step of steps.filter(({ day }) => day <= clock.last)) {
    todo.wait(step.day);
    step.do(todo);
  }
  const { row } = todo;
  const times = [sqlTime(todo.createdAt), sqlTime(todo.updatedAt)] as const;
  const due = [row.due_date, row.due_time, row.scheduled_for] as const;
  sink.add("todos", [
    row.id,
    ...times,
    row.organization_id,
    row.user_id,
    row.title,
    row.description,
    row.status,
    row.priority,
    ...due,
    row.completed_at,
    todo.version,
    row.deleted_at,
    todo.postponed,
  ]);
  for (const [tag, at] of todo.links) {
    sink.add("todo_tags", [row.organization_id, row.id, tag.id, sqlTime(at)]);
  }
}

/** What becomes of a todo, in order. Days after the history's end have not come yet. */
function planLife({ random, clock, day: today, vocabulary }: World, todo: Todo): Step[] {
  const steps: Step[] = [];
  const change = (day: number, columns: (row: TodoColumns) => Partial<TodoColumns>) =>
    steps.push({ day, do: (one) => one.update(columns(one.row)) });

  if (random.chance(0.07)) change(today, () => ({ description: vocabulary.description() }));
  if (random.chance(0.05)) change(today, () => ({ title: vocabulary.title(todo.person.project) }));
  if (random.chance(0.08))
    change(today, ({ priority }) => ({ priority: (priority % (PRIORITY_HIGH - 1)) + 1 }));
  if (random.chance(0.06)) steps.push({ day: today, do: (one) => one.tag() });
  if (random.chance(0.01)) steps.push({ day: today, do: (one) => one.untag() });

  // Postponed on the day that it was due, and again when that day has come.
  let due = todo.dueDay;
  let from = today;
  if (due !== null && due > today && random.chance(SHARES.postponed)) {
    const days = random.int(1, 7);
    for (let again = true; again; again = random.chance(0.35)) {
      const later: number = due + days;
      change(due, () => ({ due_date: clock.date(later) }));
      from = due;
      due = later;
    }
  }

  const fate = random.next();
  const end = Math.max(
    from,
    due !== null && random.chance(0.6) ? due + random.int(-3, 1) : today + delay(random, 8),
  );
  const open = fate > SHARES.completed + SHARES.cancelled;
  if (random.chance(open ? 0.3 : 0.12))
    change(Math.min(from + random.int(0, 2), end), () => ({ status: "in_progress" }));
  let last = from;
  if (fate < SHARES.completed) {
    steps.push({ day: end, do: (one) => one.complete() });
    last = end;
    if (random.chance(0.015)) {
      last = end + random.int(0, 5);
      change(last, () => ({ status: "pending", completed_at: null }));
      steps.push({ day: last, do: (one) => one.complete() });
    }
  } else if (!open) {
    change(end, () => ({ status: "cancelled" }));
    last = end;
  }

  if (random.chance(SHARES.deleted)) {
    const day = Math.max(last, clock.last - random.int(0, TRASH_DAYS));
    steps.push({ day, do: (one) => one.update({ deleted_at: jsonTime(one.now) }) });
    if (random.chance(0.1)) change(day, () => ({ deleted_at: null }));
  }
  return steps;
}

/** A todo that lives through its history: every step is remembered, and the row ends up as the last one left it. */
class Todo {
  readonly row: TodoColumns;
  readonly createdAt: number;
  /** When what happens now happens. */
  now: number;
  updatedAt: number;
  version = 1;
  /** How often its due date was moved to a later one. */
  postponed = 0;
  /** The day it was due at first. */
  readonly dueDay: number | null;
  readonly links = new Map<Place["tags"][number], number>();
  readonly #place: Place;

  constructor(
    private readonly world: World,
    readonly person: CrowdPerson,
  ) {
    const { random, clock, vocabulary, day } = world;
    this.createdAt = clock.instant(person.timeZone, day, random.next());
    this.now = this.createdAt;
    this.updatedAt = this.createdAt;
    this.#place = placeOf(world, person);
    const priority = pickPriority(random);
    const due = priority >= PRIORITY_HIGH || random.chance(SHARES.due) ? day + delay(random, 9) : null;
    this.dueDay = due;
    this.row = {
      id: idAt(random, this.createdAt),
      organization_id: this.#place.organizationId,
      user_id: person.userId,
      title: vocabulary.title(person.project),
      description: random.chance(SHARES.described) ? vocabulary.description() : "",
      status: "pending",
      priority,
      due_date: due === null ? null : clock.date(due),
      due_time: due !== null && random.chance(SHARES.dueTime) ? quarterHour(random) : null,
      scheduled_for: random.chance(SHARES.scheduled) ? clock.date(random.int(day, due ?? day + 14)) : null,
      completed_at: null,
      deleted_at: null,
    };
    const commandId = idAt(random, this.createdAt);
    this.#remember("create", created(this.row), commandId);
    const roll = random.next();
    for (let tags = roll < 0.38 ? 0 : roll < 0.78 ? 1 : roll < 0.95 ? 2 : 3; tags > 0; tags -= 1)
      this.tag(commandId);
  }

  /** Lets time pass: to a later day, or for some minutes. */
  wait(day: number): void {
    const { random, clock } = this.world;
    const soon = this.now + random.int(60, 1200) * 1000;
    this.now = Math.max(soon, clock.instant(this.person.timeZone, day, random.next()));
  }

  update(columns: Partial<TodoColumns>): void {
    const changes: Changes = {};
    for (const [column, after] of Object.entries(columns)) {
      const before = this.row[column as keyof TodoColumns]; // The keys of a part of it.
      if (before !== after) changes[column] = [before, after];
    }
    if (Object.keys(changes).length === 0) return;
    const [before, after] = [this.row.due_date, columns.due_date ?? null];
    if (before !== null && after !== null && after > before) this.postponed += 1;
    Object.assign(this.row, columns);
    this.version += 1;
    this.updatedAt = this.now;
    this.#remember(actionOf(changes), changes);
  }

  complete(): void {
    this.update({ status: "completed", completed_at: jsonTime(this.now) });
  }

  /** Links one more of the tags of its organization; the first ones of them are used the most. */
  tag(commandId?: string): void {
    const { tags } = this.#place;
    const rank = Math.floor(Math.exp(this.world.random.next() * Math.log(tags.length + 1))) - 1;
    const tag = tags[rank];
    if (tag === undefined || this.links.has(tag)) return;
    this.links.set(tag, this.now);
    this.#remember("tag", { tags: [null, tag] }, commandId);
  }

  untag(): void {
    const [tag] = this.links.keys();
    if (tag === undefined) return;
    this.links.delete(tag);
    this.#remember("untag", { tags: [tag, null] });
  }

  #remember(action: string, changes: Changes, commandId = idAt(this.world.random, this.now)): void {
    this.world.history.add({
      at: this.now,
      organizationId: this.row.organization_id,
      userId: this.person.userId,
      sessionId: sessionOf(this.world, this.person, this.now),
      commandId,
      entity: "todo",
      entityId: this.row.id,
      action,
      changes,
    });
  }
}

/** As app.audit_entry names what changed. */
function actionOf(changes: Changes): string {
  if (changes.deleted_at !== undefined) return changes.deleted_at[1] === null ? "restore" : "delete";
  switch (changes.status?.[1]) {
    case undefined:
      return "update";
    case "in_progress":
      return "start";
    case "completed":
      return "complete";
    case "cancelled":
      return "cancel";
    default:
      return "reopen";
  }
}

function placeOf({ random, day }: World, { home, teams }: CrowdPerson): Place {
  const open = teams.filter((team) => team.since <= day);
  return open.length > 0 && random.chance(SHARES.inTeam)
    ? (open[random.int(0, open.length - 1)] ?? home)
    : home;
}

function pickPriority(random: Random): number {
  let left = random.next() * 100;
  for (const [priority, share] of PRIORITIES.entries()) if ((left -= share) < 0) return priority;
  return 0;
}

/** Days until something: mostly few, sometimes many. */
function delay(random: Random, mean: number): number {
  return Math.floor(-Math.log(1 - random.next()) * mean);
}

function quarterHour(random: Random): string {
  return `${String(random.int(7, 20)).padStart(2, "0")}:${random.pick(["00", "15", "30", "45"])}:00`;
}
