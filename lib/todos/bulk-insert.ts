import { sql } from "drizzle-orm";
import { attempt } from "../db/errors";
import { newId } from "../db/id";
import { IMPORT_BAD_ROWS_MAX, IMPORT_ROWS_MAX } from "../db/limits";
import type { Scope } from "../db/scope";
import { fail, fieldErrors, ok, type Failure, type FieldErrors, type Result } from "../result";
import { newTodoRowInput, type CheckedRow, type NewTodoRow } from "./bulk-input";

/** What became of an import's rows. */
export type Inserted = {
  added: number;
  /** Mine already, from this import's last try or otherwise; they stay as they are. */
  known: number;
  badCount: number;
  /** The messages of the first IMPORT_BAD_ROWS_MAX bad rows, by the row's number (from 1) and field: "3.title". */
  bad: FieldErrors;
};

/** What of a batch a statement's ten seconds, and 10 MiB of a request (its JSON stands in JSON), are enough for. */
const BATCH_WRITES_MAX = 5_000;
const BATCH_BYTES_MAX = 3 * 1024 * 1024;
/** After so many rows other requests get their turn. */
const ROWS_AT_A_TIME = 250;

/**
 * Adds many todos to my personal organization with their tags, whole batches per request, each one transaction, all one
 * command. Every row passes newTodoRowInput: what createTodo asks, but that a due date may be past, and with the status
 * and the moments that it had elsewhere. Rows carry their ids: repeating an import adds what is missing and nothing else.
 *
 * A bad row breaks a rule, has the id of a row before it, or one that is taken by what is not mine. With "refuse" nothing
 * is written when there is any: invalid, with `fields` as in Inserted.bad. With "skip" the good ones are.
 * When the database cannot be reached in the middle, the batches before are in; the message says how many rows that is,
 * and the same call again completes them.
 */
export async function bulkInsertTodos(
  scope: Scope,
  input: { rows: readonly NewTodoRow[]; onBadRow: "refuse" | "skip" },
  onProgress?: (progress: { done: number; total: number }) => void,
): Promise<Result<Inserted>> {
  const { rows, onBadRow } = input;
  const total = rows.length;
  if (total > IMPORT_ROWS_MAX) {
    const most = IMPORT_ROWS_MAX.toLocaleString("en");
    return fail("invalid", { message: `Import at most ${most} todos at once; these are ${count(total)}.` });
  }
  const bad = new BadRows();
  const good = await checkRows(rows, bad);
  const taken = (numbers: number[]) => {
    for (const number of numbers) bad.add(number, { id: ["This id is taken."] });
  };
  const refusal = (): Failure<never> =>
    fail("invalid", {
      message: `${count(bad.count)} of ${count(total)} rows cannot be taken as they are, so nothing was added.`,
      fields: bad.fields,
    });

  const refusalOfTaken = async (): Promise<Failure<never> | null> => {
    const foreign = await attempt(() => foreignIds(scope, good));
    if (!Array.isArray(foreign)) return foreign;
    taken(numbersOf(good, foreign));
    return bad.count > 0 ? refusal() : null;
  };

  if (onBadRow === "refuse") {
    const refused = bad.count > 0 ? refusal() : await refusalOfTaken();
    if (refused !== null) return refused;
  }

  const inserted = { added: 0, known: 0 };
  let done = bad.count;
  for (const batch of batchesOf(good)) {
    const answer = await attempt(() => insertBatch(scope, batch, onBadRow));
    if ("ok" in answer) {
      if (answer.code === "conflict" && done === 0) return (await refusalOfTaken()) ?? answer;
      return done === 0
        ? answer
        : {
            ...answer,
            message: `${count(done)} of ${count(total)} rows were done before this happened. Repeat the import to go on. ${answer.message}`,
          };
    }
    taken(numbersOf(batch.rows, answer.foreign));
    inserted.added += answer.added;
    inserted.known += batch.rows.length - answer.added - answer.foreign.length;
    done += batch.rows.length;
    onProgress?.({ done, total });
  }
  return ok({ ...inserted, badCount: bad.count, bad: bad.fields });
}

type NumberedRow = { number: number; row: CheckedRow };
type Batch = { rows: NumberedRow[]; json: string[] };

class BadRows {
  count = 0;
  readonly fields: FieldErrors = {};

  add(number: number, fields: FieldErrors): void {
    this.count += 1;
    if (this.count > IMPORT_BAD_ROWS_MAX) return;
    for (const [field, messages] of Object.entries(fields)) {
      this.fields[field === "" ? `${number}` : `${number}.${field}`] = messages;
    }
  }
}

async function checkRows(rows: readonly NewTodoRow[], bad: BadRows): Promise<NumberedRow[]> {
  const good: NumberedRow[] = [];
  const numbers = new Map<string, number>();
  for (const [index, raw] of rows.entries()) {
    if (index % ROWS_AT_A_TIME === ROWS_AT_A_TIME - 1) await new Promise((resolve) => setImmediate(resolve));
    const number = index + 1;
    const parsed = newTodoRowInput.safeParse(raw);
    if (!parsed.success) {
      bad.add(number, fieldErrors(parsed.error));
      continue;
    }
    const first = numbers.get(parsed.data.id);
    if (first === undefined) {
      numbers.set(parsed.data.id, number);
      good.push({ number, row: parsed.data });
    } else {
      bad.add(number, { id: [`Row ${first} has this id.`] });
    }
  }
  return good;
}

/** Rows in their order, as much as one transaction takes, each as the JSON that app.insert_todos reads. */
function* batchesOf(rows: readonly NumberedRow[]): Generator<Batch> {
  let batch: Batch = { rows: [], json: [] };
  let [writes, bytes] = [0, 0];
  for (const one of rows) {
    const json = JSON.stringify(columnsOf(one.row));
    const size = Buffer.byteLength(json);
    const links = one.row.tags?.length ?? 0;
    if (batch.rows.length > 0 && (writes + 1 + links > BATCH_WRITES_MAX || bytes + size > BATCH_BYTES_MAX)) {
      yield batch;
      batch = { rows: [], json: [] };
      [writes, bytes] = [0, 0];
    }
    batch.rows.push(one);
    batch.json.push(json);
    writes += 1 + links;
    bytes += size;
  }
  if (batch.rows.length > 0) yield batch;
}

function columnsOf({ dueDate, dueTime, scheduledFor, createdAt, completedAt, ...row }: CheckedRow) {
  return {
    ...row,
    due_date: dueDate,
    due_time: dueTime,
    scheduled_for: scheduledFor,
    created_at: createdAt,
    completed_at: completedAt,
  };
}

/** Refused as a conflict, and nothing added, when one bad row is enough and an id was taken since they were looked at. */
async function insertBatch(
  scope: Scope,
  { rows, json }: Batch,
  onBadRow: "refuse" | "skip",
): Promise<{ added: number; foreign: string[] }> {
  const names = new Set(rows.flatMap(({ row }) => row.tags ?? []));
  const tags = JSON.stringify([...names].map((name) => ({ id: newId(), name })));
  const [{ rows: answers }] = await scope.run("todos.bulkInsertTodos", [
    scope.db.execute<{ added: number; foreign_ids: string[] }>(
      sql`select added, to_json(foreign_ids) as foreign_ids,
                 app.guard(${onBadRow === "skip"} or cardinality(foreign_ids) = 0, 'CN409', 'An id was taken.')
            from app.insert_todos(${`[${json.join(",")}]`}::jsonb, ${tags}::jsonb)`,
    ),
  ]);
  const [answer] = answers;
  if (answer === undefined) throw new Error("Inserting gave no row");
  return { added: answer.added, foreign: answer.foreign_ids };
}

async function foreignIds(scope: Scope, rows: readonly NumberedRow[]): Promise<string[]> {
  const ids = `{${rows.map(({ row }) => row.id).join(",")}}`;
  const [{ rows: found }] = await scope.run("todos.bulkInsertTodos.check", [
    scope.db.execute<{ id: string }>(sql`select id from app.foreign_todo_ids(${ids}::uuid[]) as id`),
  ]);
  return found.map(({ id }) => id);
}

function numbersOf(rows: readonly NumberedRow[], ids: readonly string[]): number[] {
  const wanted = new Set(ids);
  return wanted.size === 0 ? [] : rows.filter(({ row }) => wanted.has(row.id)).map(({ number }) => number);
}

function count(value: number): string {
  return value.toLocaleString("en");
}
