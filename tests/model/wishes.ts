import { newId } from "@/lib/db/id";
import * as calls from "./calls";
import type { Call, TagName } from "./calls";
import type { State } from "./state";
import type { Act, Target, Wish } from "./steps";
import type { Player, World } from "./world";

/** Everything that somebody may try to name, gone or not. */
export class Known {
  readonly #todos: { id: string; organizationId: string }[];
  readonly #tags: { label: string; organizationId: string }[];
  readonly #commands: { id: string; userId: string }[] = [];

  constructor(private readonly world: World) {
    this.#todos = Object.values(world.beginning.todos);
    this.#tags = Object.values(world.beginning.tags);
  }

  addTodo(id: string, { organizationId }: Player): void {
    this.#todos.push({ id, organizationId });
  }

  addTag(label: string, { organizationId }: Player): void {
    this.#tags.push({ label, organizationId });
  }

  addCommand(id: string, userId: string): void {
    this.#commands.push({ id, userId });
  }

  /** Remembers the tags that came with todos, so that they can be named later. */
  note({ tags }: State): void {
    const labels = new Set(this.#tags.map(({ label }) => label));
    for (const tag of Object.values(tags)) if (!labels.has(tag.label)) this.#tags.push(tag);
  }

  /** The id of the todo that a player means; null when there is none of that kind. */
  todo(player: Player, { whose, nth }: Target): string | null {
    const todos = this.#todos.filter((todo) => this.#isOf(player, todo, whose));
    return todos[nth % todos.length]?.id ?? null;
  }

  /** The label of the tag that a player means, likewise. */
  tag(player: Player, { whose, nth }: Target): string | null {
    const tags = this.#tags.filter((tag) => this.#isOf(player, tag, whose));
    return tags[nth % tags.length]?.label ?? null;
  }

  /** The id of a command, counted from the last one; null when there is none of theirs. */
  command(player: Player, { whose, nth }: { whose: "mine" | "other's"; nth: number }): string | null {
    const commands = this.#commands.filter(({ userId }) => (userId === player.userId) === (whose === "mine"));
    return commands.at(-1 - (nth % commands.length))?.id ?? null;
  }

  #isOf(player: Player, { organizationId }: { organizationId: string }, whose: Target["whose"]): boolean {
    const isTeams = organizationId === this.world.teamId;
    const isOwn = organizationId === player.organizationId;
    return whose === "mine" ? isOwn : whose === "team's" ? isTeams : !isOwn && !isTeams;
  }
}

/** The call that an act comes to, with its ids made; null when there is nothing that it could be about. */
export async function callFor(world: World, known: Known, act: Act): Promise<Call | null> {
  const { wish } = act;
  const player = world.people[act.person];
  switch (wish.do) {
    case "create": {
      const id = newId();
      known.addTodo(id, player);
      return calls.createTodo({ id, ...wish.fields, tags: wish.tags });
    }
    case "create tag": {
      const id = newId();
      world.chosenTagIds.add(id);
      known.addTag(id, player);
      return calls.createTag({ id, name: wish.name, colour: wish.colour, icon: null });
    }
    case "settings": {
      const { name, timeZone, theme } = wish;
      return calls.saveSettings({ name, timeZone, theme, weekStart: 1 });
    }
    case "bulk": {
      const ids = wish.targets.flatMap((target) => known.todo(player, target) ?? []);
      return ids.length === 0 ? null : calls.bulkTodos(ids, wish.change);
    }
    case "import": {
      const rows = wish.rows.map(({ fields, tags, status }) => ({ id: newId(), ...fields, tags, status }));
      for (const { id } of rows) known.addTodo(id, player);
      return calls.bulkInsertTodos(rows);
    }
    case "undo": {
      const id = known.command(player, wish);
      return id === null ? null : calls.undoCommand(id);
    }
    case "update tag":
    case "delete tag":
    case "merge tags":
      return callOnTags(world, known, player, wish);
    default: {
      const id = known.todo(player, wish.target);
      return id === null ? null : callOnTodo(world, act, wish, id);
    }
  }
}

type TagWish = Extract<Wish, { do: "update tag" | "delete tag" | "merge tags" }>;
type TodoWish = Extract<Wish, { do: "update" | "by id" | "transfer" | "upsert" }>;

function callOnTodo({ people }: World, { person, tab }: Act, wish: TodoWish, id: string): Call {
  const seen = people[person].tabs[tab].get(id) ?? 1;
  switch (wish.do) {
    case "by id":
      return calls.byId(wish.write, id);
    case "transfer": {
      const to = { me: person, other: person === 0 ? 1 : 0, nobody: null }[wish.to];
      return calls.transferTodo({ id, userId: to === null ? newId() : people[to === 0 ? 0 : 1].userId });
    }
    case "upsert": {
      const { fields, tags, knowsVersion } = wish;
      const version = knowsVersion ? { version: seen } : {};
      return calls.upsertTodo({ id, ...version, ...fields, ...(tags && { tags }) });
    }
    default:
      return calls.updateTodo({ id, version: seen, ...wish.fields, ...(wish.tags && { tags: wish.tags }) });
  }
}

async function callOnTags(world: World, known: Known, player: Player, wish: TagWish): Promise<Call | null> {
  const { tagIds } = await world.look();
  const find = (target: Target): TagName | null => {
    const label = known.tag(player, target);
    // One that was never made has only the id that it would have had.
    return label === null ? null : { label, id: tagIds.get(label) ?? label };
  };
  if (wish.do === "merge tags") {
    const [from, into] = [find(wish.from), find(wish.into)];
    return from && into && calls.mergeTags(from, into);
  }
  const tag = find(wish.target);
  if (tag === null) return null;
  if (wish.do === "delete tag") return calls.deleteTag(tag);
  const { name, colour, icon } = wish;
  return calls.updateTag(tag, { name, colour, icon });
}
