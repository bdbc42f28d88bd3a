import * as audit from "../../lib/audit/repository";
import { newSession, endSession, livingSession, startSession } from "../../lib/auth/sessions";
import { checkCredentials } from "../../lib/auth/sign-in";
import { signUpPerson } from "../../lib/auth/sign-up";
import { runBatch } from "../../lib/db/batch";
import * as dashboard from "../../lib/dashboard/repository";
import type { Database } from "../../lib/db/client";
import { newId } from "../../lib/db/id";
import type { Scope } from "../../lib/db/scope";
import { purge, throughDatabase } from "../../lib/jobs/purge";
import type { QueryNode } from "../../lib/query/types";
import * as search from "../../lib/search/repository";
import * as settings from "../../lib/settings/repository";
import * as tags from "../../lib/tags/repository";
import * as todos from "../../lib/todos/repository";
import type { Sample } from "./sample";

/**
 * Every question that Cairn asks its database, with inputs like people's: what `pnpm db:explain` and the index ledger go
 * through. A function with several shapes of query stands once for each. A test holds it to be complete.
 */
export type Entry = {
  /** The function's name as its statements carry it: "todos.listTodos". */
  name: string;
  /** Which of its shapes. */
  variant: string;
  /** As app_user behind app.enter, or as the owner, before anybody has entered. */
  ask:
    | { as: "app_user"; run: (scope: Scope, sample: Sample) => Promise<unknown> }
    | { as: "owner"; run: (db: Database, sample: Sample) => Promise<unknown> };
};

type Shapes<Run> = Record<string, Run | Record<string, Run>>;

const people: Shapes<(scope: Scope, sample: Sample) => Promise<unknown>> = {
  "todos.listTodos": {
    "by priority": (scope) => todos.listTodos(scope, {}),
    "by due date": (scope) => todos.listTodos(scope, { sort: "due" }),
    "by creation": (scope) => todos.listTodos(scope, { sort: "created", status: "all" }),
    "by change": (scope) => todos.listTodos(scope, { sort: "updated", status: "all" }),
    "all by due date": (scope) => todos.listTodos(scope, { sort: "due", status: "all" }),
    overdue: (scope) => todos.listTodos(scope, { due: "overdue", sort: "due" }),
    today: (scope) => todos.listTodos(scope, { due: "until_today", sort: "due" }),
    upcoming: (scope) => todos.listTodos(scope, { due: "upcoming", sort: "due" }),
    undated: (scope) => todos.listTodos(scope, { due: "none", sort: "due" }),
    done: (scope) => todos.listTodos(scope, { status: "done", sort: "updated" }),
    "of a range": (scope) => todos.listTodos(scope, { from: "2026-01-01", to: "2026-12-31" }),
    "planned for these days": (scope) =>
      todos.listTodos(scope, { scheduledFrom: "2026-11-18", scheduledTo: "2026-11-22", status: "all" }),
    "of a tag": (scope, { tags: [tag] }) => todos.listTodos(scope, { tags: { all: [tag.name] } }),
    "high priority": (scope) => todos.listTodos(scope, { priority: { min: 4, max: 5 } }),
    "with a word": (scope, { word }) => todos.listTodos(scope, { query: wordQuery(word) }),
    "by title": (scope) => todos.listTodos(scope, { sort: "title", status: "all" }),
    "planned for a day": (scope) =>
      todos.listTodos(scope, { scheduledFrom: "2026-11-20", scheduledTo: "2026-11-20", status: "all" }),
    "of everybody": (scope) => todos.listTodos(scope, { owner: "everyone" }),
  },
  "todos.countTodos": {
    open: (scope) => todos.countTodos(scope, {}),
    "of a tag": (scope, { tags: [tag] }) => todos.countTodos(scope, { tags: { all: [tag.name] } }),
    "with a word": (scope, { word }) => todos.countTodos(scope, { query: wordQuery(word) }),
  },
  "todos.listTrash": (scope) => todos.listTrash(scope, {}),
  "todos.getTodo": (scope, { open }) => todos.getTodo(scope, open.id),
  "todos.getCounts": (scope) => todos.getCounts(scope),
  "todos.createTodo": (scope, { tags: [tag] }) =>
    todos.createTodo(scope, { title: "Explain", description: "this", tags: [tag.name, "a new one"] }),
  "todos.updateTodo": (scope, { open: { id, version }, tags: [tag] }) =>
    todos.updateTodo(scope, { id, version, title: "Explain", tags: [tag.name, "a new one"] }),
  "todos.startTodo": (scope, { open: { id } }) => todos.startTodo(scope, { id }),
  "todos.completeTodo": (scope, { open: { id } }) => todos.completeTodo(scope, { id }),
  "todos.reopenTodo": (scope, { completedId: id }) => todos.reopenTodo(scope, { id }),
  "todos.cancelTodo": (scope, { open: { id } }) => todos.cancelTodo(scope, { id }),
  "todos.deleteTodo": (scope, { open: { id } }) => todos.deleteTodo(scope, { id }),
  "todos.restoreTodo": (scope, { trashedId: id }) => todos.restoreTodo(scope, { id }),
  "todos.purgeTodo": (scope, { trashedId: id }) => todos.purgeTodo(scope, { id }),
  "todos.transferTodo": (scope, { sharedId, colleagueId }) =>
    todos.transferTodo(scope, { id: sharedId, userId: colleagueId }),
  "todos.upsertTodo": {
    "a new one": (scope) => todos.upsertTodo(scope, { id: newId(), title: "Explain" }),
    "one that is there": (scope, { open: { id }, tags: [tag] }) =>
      todos.upsertTodo(scope, { id, title: "Explain", tags: [tag.name] }),
  },
  "todos.bulkInsertTodos": (scope, { tags: [tag] }) =>
    todos.bulkInsertTodos(scope, {
      rows: [
        { id: newId(), title: "Explain", tags: [tag.name] },
        { id: newId(), title: "Explain more", status: "completed" },
      ],
      onBadRow: "skip",
    }),
  "todos.bulkTodos": {
    "complete some": (scope, { open: { id } }) =>
      todos.bulkTodos(scope, { target: { ids: [id] }, change: { action: "complete" } }),
    "tag a filter's": (scope, { tags: [tag] }) =>
      todos.bulkTodos(scope, {
        target: { filter: { tags: { all: [tag.name] }, due: "overdue" } },
        change: { action: "tag", tags: ["a new one"] },
      }),
    "untag some": (scope, { open: { id }, tags: [tag] }) =>
      todos.bulkTodos(scope, { target: { ids: [id] }, change: { action: "untag", tags: [tag.name] } }),
    "restore the trash": (scope) =>
      todos.bulkTodos(scope, { target: { trash: true }, change: { action: "restore" } }),
    "transfer some": (scope, { sharedId, colleagueId }) =>
      todos.bulkTodos(scope, {
        target: { ids: [sharedId] },
        change: { action: "transfer", userId: colleagueId },
      }),
    "shift some": (scope, { open: { id } }) =>
      todos.bulkTodos(scope, {
        target: { ids: [id] },
        change: { action: "shift", days: 1, key: newId() },
      }),
  },
  "tags.listTags": (scope) => tags.listTags(scope),
  "tags.createTag": (scope) =>
    tags.createTag(scope, { id: newId(), name: `explain ${newId()}`, colour: "#2f6b4f", icon: null }),
  "tags.updateTag": (scope, { tags: [tag] }) =>
    tags.updateTag(scope, { ...tag, colour: "#2f6b4f", icon: null }),
  "tags.deleteTag": (scope, { tags: [, tag] }) => tags.deleteTag(scope, tag),
  "tags.mergeTags": (scope, { tags: [into, from] }) =>
    tags.mergeTags(scope, { from: from.id, into: into.id }),
  "search.searchTodos": {
    "a word": (scope, { word }) =>
      search.searchTodos(scope, { query: { kind: "word", text: word, prefix: false } }),
    "no hit": (scope) =>
      search.searchTodos(scope, { query: { kind: "word", text: "xylophonist", prefix: false } }),
    "a word in titles": (scope, { word }) =>
      search.searchTodos(scope, {
        query: {
          kind: "and",
          nodes: [
            { kind: "in", part: "title" },
            { kind: "word", text: word, prefix: false },
          ],
        },
      }),
    "a word or a tag": (scope, { word, tags: [tag] }) =>
      search.searchTodos(scope, {
        query: {
          kind: "or",
          nodes: [
            { kind: "word", text: word, prefix: false },
            { kind: "tag", name: tag.name },
          ],
        },
      }),
  },
  "dashboard.getDashboard": (scope) => dashboard.getDashboard(scope),
  "audit.listActivity": {
    "first page": (scope) => audit.listActivity(scope),
    "later page": (scope, { auditId }) => audit.listActivity(scope, { cursor: auditId }),
  },
  "audit.getHistory": (scope, { open }) => audit.getHistory(scope, open.id),
  "audit.undoCommand": (scope, { commandId }) => audit.undoCommand(scope, { commandId }),
  "audit.revertField": (scope, { retitled }) => audit.revertField(scope, { ...retitled, field: "title" }),
  "settings.updateSettings": (scope) =>
    settings.updateSettings(scope, {
      name: "Explain",
      timeZone: "UTC",
      weekStart: 1,
      theme: "system",
    }),
};

function wordQuery(text: string): QueryNode {
  return { kind: "word", text, prefix: false };
}

const context = { now: new Date(), ip: "192.0.2.1", userAgent: "db:explain" };
const secret = "only names the counters of attempts";

const system: Shapes<(db: Database, sample: Sample) => Promise<unknown>> = {
  "auth.checkCredentials": (db, { email }) =>
    checkCredentials({ db, secret }, { email, password: "wrong" }, context),
  "auth.startSession": (db, { userId, email }) => startSession({ db, secret }, { userId, email, context }),
  "auth.endSession": (db, { userId }) => endSession({ db }, newSession(userId, context).token, context),
  "auth.getSessionAndUser": (db, { userId }) =>
    runBatch(db, "auth.getSessionAndUser", [livingSession(db, newSession(userId, context).token)]),
  "jobs.purge": (db) => purge(throughDatabase(db)),
  "auth.signUpPerson": (db) =>
    signUpPerson(
      { db, secret },
      { name: "Explain", email: `${newId()}@cairn.example`, password: "correct horse", timeZone: "UTC" },
      context,
    ),
};

/** All entries, in the order of the files above. */
export const catalogue: readonly Entry[] = [
  ...entriesOf(people, (run) => ({ as: "app_user", run })),
  ...entriesOf(system, (run) => ({ as: "owner", run })),
];

function entriesOf<Run extends (...inputs: never[]) => unknown>(
  shapes: Shapes<Run>,
  ask: (run: Run) => Entry["ask"],
): Entry[] {
  return Object.entries(shapes).flatMap(([name, shape]) => {
    const variants: [string, Run][] = typeof shape === "function" ? [["", shape]] : Object.entries(shape);
    return variants.map(([variant, run]) => ({ name, variant, ask: ask(run) }));
  });
}
