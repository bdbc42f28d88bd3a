import { hashToken, newToken } from "@/lib/auth/token";
import { newId } from "@/lib/db/id";
import type { TestDatabase } from "../helpers/database";
import { readSnapshot, type Snapshot } from "./snapshot";
import type { PersonState, State } from "./state";
import type { Sequence } from "./steps";

/** What runs statements as the owner. */
export type Sql = Pick<TestDatabase, "sql">;

/** Two people, two tabs each, a team that they share, and what they have in it to begin with. */
export type World = {
  people: [Player, Player];
  teamId: string;
  /** What the database holds of them now. */
  look: () => Promise<Snapshot>;
  /** Ids of tags that their own calls carried. */
  chosenTagIds: Set<string>;
  /** What the database held before the first step, for the model to begin with. */
  beginning: State;
};

export type Player = {
  userId: string;
  organizationId: string;
  tokenHash: string;
  /** By tab: the version of each todo that it saw last. */
  tabs: [Map<string, number>, Map<string, number>];
};

/** Makes new people for one sequence: each has a todo, and one in the team, which has a tag. */
export async function createWorld(database: Sql, { role }: Sequence): Promise<World> {
  const [mia, noah] = [newPlayer(), newPlayer()];
  const [teamId, tagId] = [newId(), newId()];
  // In one statement, because each sequence does it.
  await database.sql(
    `with people as (
       select * from jsonb_to_recordset($1) as p ("userId" uuid, name text, "organizationId" uuid, "tokenHash" text, role membership_role)
     ), users as (
       insert into users (id, email, name) select "userId", "userId" || '@cairn.example', name from people
     ), organizations as (
       insert into organizations (id, name, personal_user_id)
       select "organizationId", name, "userId" from people union all select $2::uuid, 'Team', null
     ), memberships as (
       insert into memberships (id, organization_id, user_id, role)
       select gen_random_uuid(), "organizationId", "userId", 'owner' from people
        union all select gen_random_uuid(), $2, "userId", role from people
     ), sessions as (
       insert into sessions (id, user_id, token_hash, expires_at)
       select gen_random_uuid(), "userId", "tokenHash", now() + interval '1 day' from people
     ), tag as (
       insert into tags (id, organization_id, name) values ($3, $2, 'team')
     ), todos as (
       insert into todos (id, organization_id, user_id, title)
       select gen_random_uuid(), "organizationId", "userId", 'milk' from people
        union all select gen_random_uuid(), $2, "userId", 'for the team' from people
       returning id, organization_id
     )
     insert into todo_tags (organization_id, todo_id, tag_id)
     select organization_id, id, $3 from todos where organization_id = $2`,
    [
      JSON.stringify([
        { ...mia, name: "Mia", role: "owner" },
        { ...noah, name: "Noah", role },
      ]),
      teamId,
      tagId,
    ],
  );

  const chosenTagIds = new Set<string>();
  const look = () =>
    readSnapshot(database, {
      organizationIds: [mia.organizationId, noah.organizationId, teamId],
      userIds: [mia.userId, noah.userId],
      chosenIds: chosenTagIds,
    });
  const { todos, tags, people, audit } = await look();
  const person = (player: Player, mayWrite: boolean): PersonState => ({
    id: player.userId,
    name: String(people[player.userId]?.name),
    preferences: {},
    personalOrganizationId: player.organizationId,
    organizationIds: [player.organizationId, teamId],
    writableOrganizationIds: [player.organizationId, ...(mayWrite ? [teamId] : [])],
  });
  return {
    people: [mia, noah],
    teamId,
    look,
    chosenTagIds,
    beginning: {
      todos,
      tags,
      audit,
      people: { [mia.userId]: person(mia, true), [noah.userId]: person(noah, role === "member") },
      tagCounts: { [`${teamId}/team`]: 1 },
    },
  };
}

function newPlayer(): Player {
  return {
    userId: newId(),
    organizationId: newId(),
    tokenHash: hashToken(newToken()),
    tabs: [new Map(), new Map()],
  };
}
