import * as fc from "fast-check";
import type { BulkChange } from "@/lib/todos/bulk-types";
import { TODO_STATUSES, type TodoFilter, type TodoStatus } from "@/lib/todos/types";
import { BY_ID, type ById } from "./calls";
import type { LineFault } from "./line";

/**
 * The sequences, as data: small values that a run makes sense of with what there is by then ("the third of my todos"), so
 * that a sequence without one of its steps is a sequence too, and the smallest failing one can be found.
 */

/**
 * Which of the todos, or tags, that ever were: whose, and a number that is taken modulo how many there are. An apt one is
 * one that the write can do something to, if there is any.
 */
export type Target = { whose: "mine" | "team's" | "other's"; nth: number; apt: boolean };

export type Wish =
  | { do: "create"; fields: Fields & { title: string }; tags: string[] }
  | { do: "update"; target: Target; fields: Partial<Fields>; tags: string[] | null }
  | { do: "by id"; write: ById; target: Target }
  | { do: "transfer"; target: Target; to: Receiver }
  | {
      do: "upsert";
      target: Target;
      fields: Partial<Fields> & { title: string };
      tags: string[] | null;
      /** Whether it is an edit of the version that the tab saw last. */
      knowsVersion: boolean;
    }
  | { do: "create tag"; name: string; colour: string }
  | { do: "update tag"; target: Target; name: string; colour: string; icon: string | null | undefined }
  | { do: "delete tag"; target: Target }
  | { do: "merge tags"; from: Target; into: Target }
  | { do: "bulk"; targets: Target[] | FilterWish | "trash"; change: BulkWish }
  | { do: "import"; rows: RowWish[]; onBadRow: "refuse" | "skip" }
  /** Of a command that some earlier write was, one's own or the other's. */
  | { do: "undo"; whose: "mine" | "other's"; nth: number; apt: boolean }
  /** To what it was before some change of it that the todo's history has. */
  | { do: "revert"; target: Target; nth: number; isStale: boolean }
  /** The very call of one's own that was sent so many writes ago, once more. */
  | { do: "again"; nth: number }
  | { do: "settings"; name: string; timeZone: string; theme: "dark" | "light" };

export type Fields = {
  title: string;
  description: string;
  priority: number;
  dueDate: string | null;
  dueTime: string | null;
  scheduledFor: string | null;
};

/** What people ask of many todos; who is meant, and which command it is, is said when it is sent. */
export type BulkWish =
  | Exclude<BulkChange, { action: "shift" | "transfer" }>
  | { action: "shift"; days: number }
  | { action: "transfer"; to: Receiver };

export type Receiver = "me" | "other" | "nobody";

/** A filter, with what is somebody's said as whose it is. */
export type FilterWish = {
  status: "open" | "done" | "all" | "pending";
  owner: "me" | "other" | "everyone";
  organization: "mine" | "team's" | null;
  narrowing: Pick<TodoFilter, "priority" | "due" | "tags" | "query">;
};

export type RowWish = {
  /** One of its own, that of a todo that is there or was, or that of the row before. */
  id: "new" | "the row before's" | Target;
  fields: Fields & { title: string };
  tags: string[];
  status: TodoStatus;
  completedAt: string | null;
};

/** A write in one tab, and what its first tries meet on their way. */
export type Act = { person: 0 | 1; tab: 0 | 1; wish: Wish; faults: LineFault[] };

export type Step =
  | { kind: "one"; act: Act }
  /** And then the Undo of its message; or of another tab, and it is sent again, as the same command, and undone again. */
  | { kind: "taken back"; act: Act; times: number }
  /**
   * The very call of theirs that was sent so many writes ago once more, as the same command: by a tab that has heard of
   * no answer yet.
   */
  | { kind: "much later"; person: 0 | 1; tab: 0 | 1; nth: number }
  /** In two tabs at once, of one person or of both. */
  | { kind: "together"; acts: [Act, Act] }
  /** The first act twice at once, by somebody who did not wait; of the second, the faults count. */
  | { kind: "twice"; acts: [Act, Act] }
  /** A tab reads everything again. */
  | { kind: "look"; person: 0 | 1; tab: 0 | 1 }
  /** A month later the trash is emptied, by two runs of the job at once. */
  | { kind: "a month later" };

export type Sequence = {
  /** What the second person may do in the team; the first is its owner. */
  role: "member" | "viewer";
  steps: Step[];
};

const apt = fc.oneof(
  { weight: 1, arbitrary: fc.constant(false) },
  { weight: 3, arbitrary: fc.constant(true) },
);

const target: fc.Arbitrary<Target> = fc.record({
  whose: fc.oneof(
    { weight: 8, arbitrary: fc.constant("mine" as const) },
    { weight: 3, arbitrary: fc.constant("team's" as const) },
    { weight: 1, arbitrary: fc.constant("other's" as const) },
  ),
  nth: fc.nat(4),
  apt,
});

const teams: fc.Arbitrary<Target> = fc.record({ whose: fc.constant("team's" as const), nth: fc.nat(4), apt });

const names = fc.constantFrom("home", "Home", "work", "errand", "WORK");
const tagNames = fc.uniqueArray(names, { maxLength: 3 });
const colour = fc.constantFrom("#2f6b4f", "#78716c");
const person = fc.constantFrom(0 as const, 1 as const);

const fields = {
  title: fc.constantFrom("milk", "call mum", "taxes"),
  description: fc.constantFrom("", "in two\nlines"),
  priority: fc.nat(5),
  dueDate: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("2027-01-02", "2030-12-31") },
    { weight: 1, arbitrary: fc.constant("2020-01-01") },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  dueTime: fc.constantFrom(null, "08:30"),
  scheduledFor: fc.constantFrom(null, "2027-01-01"),
};

const receiver = fc.constantFrom<Receiver>("other", "other", "me", "nobody");
/** The last of them leads out of the years that there are. */
const days = fc.constantFrom(1, 30, -1, -400, -36_500);

const bulkWish: fc.Arbitrary<BulkWish> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      action: fc.constantFrom(...(["start", "complete", "reopen", "cancel", "delete", "restore"] as const)),
    }),
  },
  fc.record({ action: fc.constant("priority" as const), priority: fc.nat(5) }),
  fc.record({
    action: fc.constant("due" as const),
    dueDate: fc.constantFrom(null, "2020-01-01", "2030-12-31"),
  }),
  { weight: 3, arbitrary: fc.record({ action: fc.constant("shift" as const), days }) },
  {
    weight: 2,
    arbitrary: fc.record({
      action: fc.constantFrom("tag" as const, "untag" as const),
      tags: fc.uniqueArray(names, { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ action: fc.constant("transfer" as const), to: receiver }) },
);

const filterWish: fc.Arbitrary<FilterWish> = fc.record({
  status: fc.constantFrom(...(["all", "all", "open", "done", "pending"] as const)),
  owner: fc.constantFrom(...(["me", "me", "everyone", "other"] as const)),
  organization: fc.constantFrom(null, null, "mine" as const, "team's" as const),
  narrowing: fc.oneof(
    fc.constant<FilterWish["narrowing"]>({}),
    fc.constantFrom<FilterWish["narrowing"]>(
      { priority: { min: 0, max: 2 } },
      { due: "none" },
      { due: "any" },
      { tags: { any: ["home", "team"] } },
      { tags: { none: ["home"] } },
      { query: { kind: "word", text: "milk", prefix: false } },
    ),
  ),
});

const rowWish: fc.Arbitrary<RowWish> = fc.record({
  id: fc.oneof(
    { weight: 6, arbitrary: fc.constant("new" as const) },
    { weight: 1, arbitrary: fc.constant("the row before's" as const) },
    { weight: 3, arbitrary: target },
  ),
  fields: fc.record(fields),
  tags: tagNames,
  status: fc.constantFrom(...TODO_STATUSES),
  // In Berlin that was the next day.
  completedAt: fc.constantFrom(null, "2026-03-01T23:30:00Z"),
});

// The names of the object that was just written, with its own type.
const byId = fc.constantFrom(...(Object.keys(BY_ID) as ById[]));

const wish: fc.Arbitrary<Wish> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("create" as const), fields: fc.record(fields), tags: tagNames }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("update" as const),
      target,
      fields: fc.record(fields, { requiredKeys: [] }),
      tags: fc.option(tagNames),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant("by id" as const), write: byId, target }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("transfer" as const),
      target: fc.oneof({ weight: 3, arbitrary: teams }, target),
      to: receiver,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("upsert" as const),
      target,
      fields: fc.record(fields, { requiredKeys: ["title"] }),
      tags: fc.option(tagNames),
      knowsVersion: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("create tag" as const), name: names, colour }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("update tag" as const),
      target,
      name: names,
      colour,
      icon: fc.constantFrom(null, "★", undefined),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete tag" as const), target }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("merge tags" as const), from: target, into: target }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("bulk" as const),
      targets: fc.oneof(
        { weight: 5, arbitrary: fc.array(target, { minLength: 1, maxLength: 4 }) },
        { weight: 4, arbitrary: filterWish },
      ),
      change: bulkWish,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("bulk" as const),
      targets: fc.constant("trash" as const),
      change: fc.oneof(fc.constant<BulkWish>({ action: "restore" }), bulkWish),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("import" as const),
      rows: fc.array(rowWish, { minLength: 1, maxLength: 3 }),
      onBadRow: fc.constantFrom("refuse" as const, "skip" as const),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("revert" as const),
      target,
      nth: fc.nat(9),
      isStale: fc.constantFrom(false, false, true),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("again" as const), nth: fc.nat(4) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("undo" as const),
      whose: fc.constantFrom("mine" as const, "mine" as const, "mine" as const, "other's" as const),
      // The last ones first: that is what people take back.
      nth: fc.nat(3),
      apt,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("settings" as const),
      name: fc.constantFrom("Mia", "Mia M"),
      timeZone: fc.constantFrom("UTC", "Europe/Berlin"),
      theme: fc.constantFrom("dark" as const, "light" as const),
    }),
  },
);

const fault: fc.Arbitrary<LineFault> = fc.oneof(
  fc.constant<LineFault>({ kind: "refused connection" }),
  fc.constant<LineFault>({ kind: "lost before" }),
  { weight: 3, arbitrary: fc.constant<LineFault>({ kind: "lost after commit" }) },
  fc.record({ kind: fc.constant("delay" as const), ms: fc.integer({ min: 1, max: 12 }) }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("40001" as const), times: fc.constantFrom(1, 1, 1, 2, 4) }),
  },
  fc.record({ kind: fc.constant("dead backend" as const), at: fc.nat(8) }),
);

const act: fc.Arbitrary<Act> = fc.record({
  person,
  tab: person,
  wish,
  faults: fc.oneof(
    { weight: 3, arbitrary: fc.constant<LineFault[]>([]) },
    { weight: 2, arbitrary: fc.array(fault, { minLength: 1, maxLength: 2 }) },
  ),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("one" as const), act }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("taken back" as const), act, times: fc.constantFrom(1, 2) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("much later" as const), person, tab: person, nth: fc.nat(4) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("together" as const), acts: fc.tuple(act, act) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("twice" as const), acts: fc.tuple(act, act) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("look" as const), person, tab: person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("a month later" as const) }) },
);

/** Any sequence of at most so many steps. */
export function sequences(maxLength: number): fc.Arbitrary<Sequence> {
  return fc.record({
    role: fc.constantFrom("member" as const, "viewer" as const),
    steps: fc.array(step, { minLength: 1, maxLength, size: "max" }),
  });
}
