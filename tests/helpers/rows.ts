import { newId } from "@/lib/db/id";
import type { TodoStatus } from "@/lib/todos/types";
import type { TestDatabase } from "./database";

/** Writers of rows as the owner, for tests of what reads them: past every rule of the repositories, not the table's. */

type Owner = { userId: string; organizationId: string };

export type TodoValues = {
  title?: string;
  description?: string;
  status?: TodoStatus;
  priority?: number;
  dueDate?: string | null;
  dueTime?: string | null;
  scheduledFor?: string | null;
  createdAt?: Date;
  completedAt?: Date | null;
  deleted?: boolean;
  tagIds?: string[];
};

/** Writes a todo with its tags and gives its id. */
export async function writeTodo(
  database: TestDatabase,
  owner: Owner,
  values: TodoValues = {},
): Promise<string> {
  const id = newId();
  await database.sql(
    `insert into todos (id, organization_id, user_id, title, description, status, priority, due_date, due_time,
                        created_at, completed_at, deleted_at, scheduled_for)
     values ($1, $2, $3, $4, $5, $6::todo_status, $7, $8, $9, $10, $11, case when $12 then now() end, $13)`,
    [
      id,
      owner.organizationId,
      owner.userId,
      values.title ?? "Buy milk",
      values.description ?? "",
      values.status ?? "pending",
      values.priority ?? 0,
      values.dueDate ?? null,
      values.dueTime ?? null,
      values.createdAt ?? new Date("2026-01-01T00:00:00Z"),
      values.completedAt ?? null,
      values.deleted ?? false,
      values.scheduledFor ?? null,
    ],
  );
  await database.sql(
    "insert into todo_tags (organization_id, todo_id, tag_id) select $1, $2, unnest($3::uuid[])",
    [owner.organizationId, id, values.tagIds ?? []],
  );
  return id;
}

/** Writes a tag and gives its id. */
export async function writeTag(
  database: TestDatabase,
  { organizationId }: Pick<Owner, "organizationId">,
  name: string,
): Promise<string> {
  const id = newId();
  await database.sql("insert into tags (id, organization_id, name) values ($1, $2, $3)", [
    id,
    organizationId,
    name,
  ]);
  return id;
}

/** Lets a person into an organization, by default as a member. */
export async function writeMembership(
  database: TestDatabase,
  organizationId: string,
  { userId }: Pick<Owner, "userId">,
  role: "owner" | "member" | "viewer" = "member",
): Promise<void> {
  await database.sql(
    "insert into memberships (id, organization_id, user_id, role) values ($1, $2, $3, $4::membership_role)",
    [newId(), organizationId, userId, role],
  );
}
