import { hashToken, newToken } from "@/lib/auth/token";
import { newId } from "@/lib/db/id";
import { purge, throughDatabase, type Transaction } from "@/lib/jobs/purge";
import { sql as statement } from "drizzle-orm";
import { deleteTodo, updateTodo } from "@/lib/todos/repository";
import type { Line } from "./line";
import { readSnapshot, type Snapshot } from "./snapshot";
import type { PersonState, State } from "./state";
import type { Sequence } from "./steps";

/** Two people, two tabs each, a team that they share, and what they have in it to begin with. */
export type World = {
  people: [Player, Player];
  teamId: string;
  /** Runs a statement as the owner. */
  sql: Line["sql"];
  /** Lets a month pass and the job run twice at once; gives how many todos both say they have deleted for ever. */
  purgeTrash: () => Promise<number>;
  /** What the database holds of them now. */
  look: () => Promise<Snapshot>;
  /** Ids of tags that their own calls carried. */
  chosenTagIds: Set<string>;
  /** What they have done before: each has edited their first todo. */
  commands: { id: string; userId: string }[];
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

/** Makes new people for one sequence: each has a todo with a tag, one in the trash, and the like in the team. */
export async function createWorld(line: Line, { role }: Sequence): Promise<World> {
  const [mia, noah] = [newPlayer(), newPlayer()];
  const teamId = newId();
  // In one statement, because each sequence does it.
  await line.sql(
    `with people as (
       select * from jsonb_to_recordset($1) as p (
         "userId" uuid, name text, "timeZone" text, "organizationId" uuid, "tokenHash" text, role membership_role)
     ), users as (
       insert into users (id, email, name, preferences)
       select "userId", "userId" || '@cairn.example', name, jsonb_build_object('timeZone', "timeZone") from people
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
     ), tags as (
       insert into tags (id, organization_id, name, icon)
       select gen_random_uuid(), "organizationId", called, '★' from people, unnest(array['home', 'errand']) called
        union all select gen_random_uuid(), $2, name, '★' from unnest(array['team', 'work']) name
       returning id, organization_id, name
     ), todos as (
       insert into todos (id, organization_id, user_id, title, deleted_at)
       select gen_random_uuid(), "organizationId", "userId", title, null from people, unnest(array['milk', 'taxes']) title
        union all select gen_random_uuid(), $2, "userId", title, deleted_at
                    from people, (values ('for the team', null), ('gone', now())) as todo (title, deleted_at)
       returning id, organization_id
     )
     insert into todo_tags (organization_id, todo_id, tag_id)
     select organization_id, todos.id, tags.id from todos join tags using (organization_id) where tags.name in ('home', 'team')`,
    [
      JSON.stringify([
        // At whatever time this runs, to one of them it is another day than in UTC.
        { ...mia, name: "Mia", timeZone: "Pacific/Pago_Pago", role: "owner" },
        { ...noah, name: "Noah", timeZone: "Pacific/Tongatapu", role },
      ]),
      teamId,
    ],
  );

  const commands = await Promise.all([mia, noah].map((player) => editFirst(line, player)));
  const organizationIds = [mia.organizationId, noah.organizationId, teamId];
  const chosenTagIds = new Set<string>();
  const look = () =>
    readSnapshot(line, {
      organizationIds,
      userIds: [mia.userId, noah.userId],
      chosenIds: chosenTagIds,
    });
  const { todos, tags, people, audit } = await look();
  const person = (player: Player, mayWrite: boolean): PersonState => ({
    id: player.userId,
    name: String(people[player.userId]?.name),
    preferences: people[player.userId]?.preferences ?? {},
    personalOrganizationId: player.organizationId,
    organizationIds: [player.organizationId, teamId],
    writableOrganizationIds: [player.organizationId, ...(mayWrite ? [teamId] : [])],
  });
  return {
    people: [mia, noah],
    teamId,
    sql: line.sql,
    look,
    purgeTrash: () => purgeTrash(line, organizationIds),
    chosenTagIds,
    commands,
    beginning: {
      todos,
      tags,
      audit,
      people: { [mia.userId]: person(mia, true), [noah.userId]: person(noah, role === "member") },
      tagCounts: Object.fromEntries(
        Object.values(tags).map(({ organizationId, name: called }) => [`${organizationId}/${called}`, 1]),
      ),
    },
  };
}

/**
 * An edit of all that can be reverted, of two todos, and the second one's way into the trash: one command, so that there is
 * a history from the start. One tab has seen what came of the first.
 */
async function editFirst(line: Line, { userId, organizationId, tokenHash, tabs }: Player) {
  const rows = await line.sql<{ id: string }>(
    "select id from todos where organization_id = $1 order by title",
    [organizationId],
  );
  const [milk = "", taxes = ""] = rows.map(({ id }) => id);
  const { scope, happened } = line.begin(tokenHash, null);
  const edit = {
    title: "call mum",
    description: "milk",
    priority: 1,
    dueDate: "2028-05-05",
    dueTime: "10:00",
    scheduledFor: "2028-05-01",
  };
  await Promise.all([
    updateTodo(scope, { id: milk, version: 1, ...edit }),
    updateTodo(scope, { id: taxes, version: 1, ...edit }),
    deleteTodo(scope, { id: taxes }),
  ]);
  happened();
  tabs[0].set(milk, 2);
  return { id: scope.commandId, userId };
}

/** Only to the job has a month passed, and only for these, which fit into one step: others go on in the same database. */
async function purgeTrash({ ownerDb }: Line, organizationIds: string[]): Promise<number> {
  const transaction = throughDatabase(ownerDb);
  const aMonthLater: Transaction = (name, statements) =>
    transaction(name, [
      // Before it is a command, so that the log keeps it apart from what people do.
      statement`update todos set deleted_at = deleted_at - interval '40 days'
         where id in (select id from todos where deleted_at is not null
                       and organization_id = any (${`{${organizationIds.join(",")}}`}::uuid[]) order by id for update)`,
      ...statements,
    ]);
  const runs = await Promise.all([purge(aMonthLater), purge(aMonthLater)]);
  return runs.reduce((sum, { todos }) => sum + todos, 0);
}

function newPlayer(): Player {
  return {
    userId: newId(),
    organizationId: newId(),
    tokenHash: hashToken(newToken()),
    tabs: [new Map(), new Map()],
  };
}
