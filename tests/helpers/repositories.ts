import * as audit from "@/lib/audit/repository";
import * as dashboard from "@/lib/dashboard/repository";
import * as organizations from "@/lib/organizations/repository";
import * as search from "@/lib/search/repository";
import * as settings from "@/lib/settings/repository";
import * as tags from "@/lib/tags/repository";
import * as todos from "@/lib/todos/repository";

/** The repositories by noun. A new one has to be added here: tests/boundaries/tenants.test.ts says when one is missing. */
export const repositories = { audit, dashboard, organizations, search, settings, tags, todos };

/** All that they export: "todos.getTodo". */
export const repositoryFunctions = Object.entries(repositories).flatMap(([noun, functions]) =>
  Object.keys(functions).map((name) => `${noun}.${name}`),
);

const READS = new Set([
  "audit.getHistory",
  "audit.listActivity",
  "dashboard.getDashboard",
  "search.searchTodos",
  "tags.listTags",
  "todos.countTodos",
  "todos.getCounts",
  "todos.getTodo",
  "todos.listTodos",
  "todos.listTrash",
]);
/** Statements for somebody else's batch. */
const PARTS = new Set(["organizations.personalOrganizationStatements"]);

/** The functions with which people write. */
export const repositoryWrites = repositoryFunctions.filter((name) => !READS.has(name) && !PARTS.has(name));
