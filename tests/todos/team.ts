import { newId } from "@/lib/db/id";
import type { Person } from "../helpers/people";
import { writeMembership, writeTodo, type TodoValues } from "../helpers/rows";
import type { World } from "./world";

/** An organization that people share. */
export type Team = {
  organizationId: string;
  /** Writes a todo of a member's and gives its id. */
  write: (owner: Person, values?: TodoValues) => Promise<string>;
};

/** Makes an organization with these members, who may all write. */
export async function createTeam({ database }: Pick<World, "database">, ...members: Person[]): Promise<Team> {
  const organizationId = newId();
  await database.sql("insert into organizations (id, name) values ($1, 'Team')", [organizationId]);
  for (const member of members) await writeMembership(database, organizationId, member);
  return {
    organizationId,
    write: ({ userId }, values) => writeTodo(database, { userId, organizationId }, values),
  };
}

export type Hand = { action: string; user_id: string | null; command_id: string | null; told: boolean };

/** What the log has of a todo's changing hands, oldest first; `told` is whether it says where the request came from. */
export async function handsOf({ database }: World, id: string): Promise<Hand[]> {
  return database.sql<Hand>(
    `select action, user_id, command_id, ip is not null and session_id is not null as told from audit_logs
      where entity_id = $1 and action in ('transfer', 'receive', 'release') order by id`,
    [id],
  );
}
