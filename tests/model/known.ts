import { LOGGED_AS } from "@/lib/audit/earlier-values";
import { REVERTIBLE_FIELDS, type RevertibleField } from "@/lib/audit/types";
import type { Call } from "./calls";
import { A_JOB, type AuditState, type State, type TagState, type TodoState } from "./state";
import type { Target } from "./steps";
import type { Player, World } from "./world";

/** A field of an entry of a todo's history. */
export type EarlierValue = { entry: Pick<AuditState, "commandId" | "action">; field: RevertibleField };

type InOrganization = { organizationId: string };

/** Everything that somebody may try to name, gone or not. */
export class Known {
  readonly #todos: (InOrganization & { id: string })[];
  readonly #tags: (InOrganization & { label: string })[];
  readonly #commands: { id: string; userId: string }[];
  readonly #calls: { call: Call; userId: string; commandId: string }[] = [];
  #state: State;

  constructor(private readonly world: World) {
    this.#state = world.beginning;
    this.#todos = Object.values(world.beginning.todos);
    this.#tags = Object.values(world.beginning.tags);
    this.#commands = [...world.commands];
  }

  addTodo(id: string, { organizationId }: Player): void {
    this.#todos.push({ id, organizationId });
  }

  addTag(label: string, { organizationId }: Player): void {
    this.#tags.push({ label, organizationId });
  }

  addCommand(id: string, userId: string): void {
    if (!this.#commands.some((known) => known.id === id)) this.#commands.push({ id, userId });
  }

  addCall(call: Call, userId: string, commandId: string): void {
    this.#calls.push({ call, userId, commandId });
  }

  /** Remembers what there is now, and for ever the tags that came with todos, so that they can be named later. */
  note(state: State): void {
    this.#state = state;
    const labels = new Set(this.#tags.map(({ label }) => label));
    for (const tag of Object.values(state.tags)) if (!labels.has(tag.label)) this.#tags.push(tag);
  }

  /** The id of the todo that a player means; null when there is none of that kind. */
  todo(player: Player, target: Target, isApt = (_todo: TodoState) => true): string | null {
    const found = this.#choose(this.#todos, player, target, ({ id }) => {
      const todo = this.#state.todos[id];
      return todo !== undefined && isApt(todo);
    });
    return found?.id ?? null;
  }

  /** The label of the tag that a player means, likewise. */
  tag(player: Player, target: Target, isApt = (_tag: TagState) => true): string | null {
    const found = this.#choose(this.#tags, player, target, ({ label }) => {
      const tag = this.tagCalled(label);
      return tag !== undefined && isApt(tag);
    });
    return found?.label ?? null;
  }

  tagCalled(label: string | undefined): TagState | undefined {
    return label === undefined ? undefined : this.#state.tags[label];
  }

  /** What the history of a todo says of earlier values of its fields. */
  earlierValues(todoId: string): EarlierValue[] {
    return this.#state.audit
      .filter(
        ({ entityId, commandId, changes }) =>
          entityId === todoId && commandId !== A_JOB && !("id" in changes),
      )
      .flatMap(({ commandId, action, changes }) =>
        REVERTIBLE_FIELDS.filter((field) => LOGGED_AS[field] in changes).map((field) => ({
          entry: { commandId, action },
          field,
        })),
      );
  }

  /** The id of a command, counted from the last one; null when there is none of theirs. An apt one changed something. */
  command(
    player: Player,
    { whose, nth, apt }: { whose: "mine" | "other's"; nth: number; apt: boolean },
  ): string | null {
    const theirs = this.#commands.filter(({ userId }) => (userId === player.userId) === (whose === "mine"));
    const changing = theirs.filter(({ id }) =>
      this.#state.audit.some(({ commandId, entityType }) => commandId === id && entityType !== "user"),
    );
    const commands = apt && changing.length > 0 ? changing : theirs;
    return commands.at(-1 - (nth % commands.length))?.id ?? null;
  }

  /** A call of theirs with its command, counted from the last one, likewise. */
  call({ userId }: Player, nth: number): { call: Call; commandId: string } | null {
    const calls = this.#calls.filter((one) => one.userId === userId);
    return calls.at(-1 - (nth % calls.length)) ?? null;
  }

  /** The ids of all todos that ever were. */
  todoIds(): string[] {
    return this.#todos.map(({ id }) => id);
  }

  #choose<One extends InOrganization>(
    all: One[],
    player: Player,
    { whose, nth, apt }: Target,
    isApt: (one: One) => boolean,
  ): One | undefined {
    const theirs = all.filter((one) => this.#isOf(player, one, whose));
    const suited = apt ? theirs.filter(isApt) : [];
    const choice = suited.length > 0 ? suited : theirs;
    return choice[nth % choice.length];
  }

  #isOf(player: Player, { organizationId }: InOrganization, whose: Target["whose"]): boolean {
    const isTeams = organizationId === this.world.teamId;
    const isOwn = organizationId === player.organizationId;
    return whose === "mine" ? isOwn : whose === "team's" ? isTeams : !isOwn && !isTeams;
  }
}
