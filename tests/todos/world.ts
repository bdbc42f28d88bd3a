import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Result } from "@/lib/result";
import { createTodo } from "@/lib/todos/repository";
import type { NewTodo, Todo } from "@/lib/todos/types";
import { startCountingProxy, type CountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeTag, writeTodo } from "../helpers/rows";

export type World = {
  database: TestDatabase;
  /** What all people's requests go through. */
  proxy: CountingProxy;
  mia: Person;
  noah: Person;
  /** A todo of Noah's with a tag, which Mia knows nothing of. */
  foreign: string;
};

/** The database of a test file and, new for every test, two people in it. Read it inside of tests only. */
export function twoPeople(): World {
  // The hooks fill it before the first test can look.
  const world = {} as World;
  beforeAll(async () => {
    const database = await createTestDatabase();
    world.proxy = await startCountingProxy(database.endpoint);
    world.database = { ...database, endpoint: world.proxy.url };
  });
  afterAll(async () => {
    await world.proxy.stop();
    await world.database.drop();
  });
  beforeEach(async () => {
    const { database, proxy } = world;
    world.mia = await createPerson(database, { name: "Mia" });
    world.noah = await createPerson(database, { name: "Noah" });
    const tagIds = [await writeTag(database, world.noah, "Home")];
    world.foreign = await writeTodo(database, world.noah, { tagIds });
    proxy.setFault(null);
    proxy.reset();
  });
  return world;
}

/** The data of a success; a refusal fails the test with what it says. */
export async function done<Data>(result: Promise<Result<Data>>): Promise<Data> {
  const answer = await result;
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  return answer.data;
}

export function create(person: Person, input: NewTodo): Promise<Todo> {
  return done(createTodo(person.scope(), input));
}

export function names(todo: Pick<Todo, "tags">): string[] {
  return todo.tags.map((tag) => tag.name);
}

export const notFound = { ok: false, code: "not_found" };

/** Everything that an organization holds, as the owner sees it: for "nothing happened". */
export async function everythingOf({ database }: World, person: Person) {
  return database.sql(
    `select t.*, t.xmin::text, array(select tag_id from todo_tags l where l.todo_id = t.id order by 1) as tag_ids,
            (select count(*) from tags g where g.organization_id = t.organization_id) as tag_count,
            (select count(*) from audit_logs a where a.organization_id = t.organization_id) as audit_count
       from todos t where organization_id = $1 order by id`,
    [person.organizationId],
  );
}

export async function countOf(
  { database }: World,
  table: "todos" | "tags" | "todo_tags" | "audit_logs",
  person: Person,
): Promise<number> {
  const [row] = await database.sql<{ count: number }>(
    `select count(*)::int as count from ${table} where organization_id = $1`,
    [person.organizationId],
  );
  return row?.count ?? -1;
}
