import { jsonInstant } from "./days";
import type { Random } from "./random";

export type Row = Record<string, unknown>;
export type Table = "users" | "organizations" | "memberships" | "tags" | "todos" | "todo_tags";
export type Entity = "user" | "organization" | "membership" | "session" | "tag" | "todo" | "todo_tag";

/** A change of one row that is to be found in audit_logs: the row before and after, without its times, version and counts. */
export type DemoEvent = {
  id: string;
  at: Date;
  command_id: string;
  session_id: string;
  entity: Entity;
  before: Row | null;
  after: Row | null;
};

/** What one request did at one instant. */
export type Command = { at: Date; record(entity: Entity, before: Row | null, after: Row | null): void };

/** Collects the rows of the demo and what the audit log is to know of how they came to be. */
export function createDemoLedger(random: Random) {
  const rows: Record<Table, Row[]> = {
    users: [],
    organizations: [],
    memberships: [],
    tags: [],
    todos: [],
    todo_tags: [],
  };
  const events: Omit<DemoEvent, "session_id">[] = [];

  /** Changes of one request share a command and stand a millisecond apart, so that they stay in order. */
  function command(at: Date): Command {
    const commandId = random.id(at);
    let written = 0;
    return {
      at,
      record(entity, before, after) {
        const instant = new Date(at.getTime() + written++);
        events.push({
          id: random.id(instant),
          at: instant,
          command_id: commandId,
          entity,
          before: before && remembered(before),
          after: after && remembered(after),
        });
      },
    };
  }

  return { rows, events, command };
}

export type DemoLedger = ReturnType<typeof createDemoLedger>;

function remembered(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).filter(
      ([column]) => !["created_at", "updated_at", "version", "postponed"].includes(column),
    ),
  );
}

/** A todo that lives through its history: every step is remembered, and the row ends up as the last one left it. */
export class DemoTodo {
  readonly row: Row;
  readonly #ledger: DemoLedger;
  /** When it last changed: the next step comes after. */
  changedAt: Date;

  constructor(ledger: DemoLedger, random: Random, at: Date, columns: Row) {
    this.#ledger = ledger;
    this.changedAt = at;
    this.row = {
      id: random.id(at),
      description: "",
      status: "pending",
      priority: 0,
      due_date: null,
      due_time: null,
      scheduled_for: null,
      completed_at: null,
      deleted_at: null,
      version: 1,
      postponed: 0,
      created_at: jsonInstant(at),
      updated_at: jsonInstant(at),
      ...columns,
    };
  }

  /** Makes it, with tags that are there already. */
  create(tagIds: readonly string[]): this {
    const command = this.#ledger.command(this.changedAt);
    this.#ledger.rows.todos.push(this.row);
    command.record("todo", null, { ...this.row });
    for (const tagId of tagIds) this.#link(command, tagId);
    return this;
  }

  tag(at: Date, tagId: string): void {
    this.#link(this.#ledger.command(at), tagId);
    this.changedAt = at;
  }

  update(at: Date, columns: Row): void {
    const before = { ...this.row };
    Object.assign(this.row, columns, { version: Number(before.version) + 1, updated_at: jsonInstant(at) });
    if (isLater(this.row.due_date, before.due_date)) this.row.postponed = Number(before.postponed) + 1;
    this.#ledger.command(at).record("todo", before, { ...this.row });
    this.changedAt = at;
  }

  complete(at: Date): void {
    this.update(at, { status: "completed", completed_at: jsonInstant(at) });
  }

  #link(command: Command, tagId: string): void {
    const { organization_id, id: todo_id } = this.row;
    const link = { organization_id, todo_id, tag_id: tagId };
    this.#ledger.rows.todo_tags.push({ ...link, created_at: jsonInstant(command.at) });
    command.record("todo_tag", null, link);
  }
}

function isLater(after: unknown, before: unknown): boolean {
  return typeof after === "string" && typeof before === "string" && after > before;
}
