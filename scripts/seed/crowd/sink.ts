import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Client } from "pg";
import { from as copyFrom } from "pg-copy-streams";

export type Cell = string | number | boolean | null;

/** The columns that are filled, by table, in the order in which foreign keys ask for the tables. */
export const COLUMNS = {
  users: columns("id created_at updated_at email name password_hash preferences"),
  organizations: columns("id created_at updated_at name personal_user_id"),
  memberships: columns("id created_at updated_at organization_id user_id role"),
  tags: columns("id created_at updated_at organization_id name colour"),
  todos: columns(
    `id created_at updated_at organization_id user_id title description status priority
     due_date due_time scheduled_for completed_at version deleted_at postponed`,
  ),
  todo_tags: columns("organization_id todo_id tag_id created_at"),
  audit_logs: columns(
    "id created_at organization_id user_id session_id command_id entity_type entity_id action changes",
  ),
};

export type Table = keyof typeof COLUMNS;
export const TABLES = Object.keys(COLUMNS) as Table[];

/** Rows are sent in pieces of this size, so that they are made here while the ones before are stored there. */
const PIECE_ROWS = 20_000;

export type Sink = ReturnType<typeof createSink>;

/** Collects rows and sends them by COPY. `drain` between two steps of making them keeps what waits here small. */
export function createSink(client: Client) {
  const waiting = Object.fromEntries(TABLES.map((table) => [table, [] as string[]])) as Record<
    Table,
    string[]
  >;
  let sending: Promise<void> = Promise.resolve();

  async function send(table: Table): Promise<void> {
    const piece = Buffer.from(waiting[table].join(""));
    waiting[table] = [];
    await sending;
    sending = copy(client, table, piece);
    // Whoever awaits it next gets the failure; until then it must not count as one that nobody handles.
    sending.catch(() => {});
  }

  return {
    add(table: Table, cells: readonly Cell[]): void {
      waiting[table].push(`${cells.map(encodeCell).join("\t")}\n`);
    },
    /** Sends what has become large. */
    async drain(): Promise<void> {
      for (const table of TABLES) if (waiting[table].length >= PIECE_ROWS) await send(table);
    },
    /** Sends everything and waits until it is stored. */
    async finish(): Promise<void> {
      for (const table of TABLES) if (waiting[table].length > 0) await send(table);
      await sending;
    },
  };
}

async function copy(client: Client, table: Table, piece: Buffer): Promise<void> {
  const stream = client.query(copyFrom(`copy ${table} (${COLUMNS[table]}) from stdin`));
  await pipeline(Readable.from([piece]), stream);
}

/** A value in COPY's text format. */
export function encodeCell(value: Cell): string {
  if (value === null) return "\\N";
  return String(value).replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? character);
}

const ESCAPES: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function columns(names: string): string {
  return names.split(/\s+/).join(", ");
}
