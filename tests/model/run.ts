import { newId } from "@/lib/db/id";
import * as calls from "./calls";
import { modelAnswer, readAnswer, type Call } from "./calls";
import type { Line } from "./line";
import type { Outcome } from "./outcome";
import { linesOf, type State } from "./state";
import type { Act, Sequence, Step, Target, Wish } from "./steps";
import type { Tally } from "./tally";
import { checkLook } from "./look";
import type { Player, World } from "./world";

/** A tab gives up after so many tries without an answer: then something is wrong with the line. */
const TRIES_MAX = 6;

/** A write as it went: its tries that the database carried out, the answered one last, and what the tab was told. */
type Acted = { call: Call; person: string; commandIds: string[]; answer: string };

/**
 * Runs a sequence against the database and against the model. What a write does is not known where two are under way at
 * once, so the model is a set of states: every order of them that explains the answers. The database then says which.
 * @throws Error that says what differs
 */
export async function runSequence(world: World, line: Line, sequence: Sequence, tally: Tally): Promise<void> {
  const run = new Run(world, line, tally);
  for (const step of sequence.steps) await run.step(step);
  await run.compare();
}

class Run {
  #states: State[];
  /** Everything that somebody may try to name, gone or not. */
  readonly #todoIds: { id: string; organizationId: string; userId: string }[];
  readonly #labels: { label: string; organizationId: string }[];

  constructor(
    private readonly world: World,
    private readonly line: Line,
    private readonly tally: Tally,
  ) {
    this.#states = [world.beginning];
    this.#todoIds = Object.values(world.beginning.todos);
    this.#labels = Object.values(world.beginning.tags);
  }

  async step(step: Step): Promise<void> {
    if (step.kind === "look") {
      const { person, tab } = step;
      await this.compare();
      return checkLook(this.world, this.line, { state: this.#state, person, tab });
    }
    if (step.kind === "one") return this.#alone(step.act);
    const [one, other] = step.acts;
    // One tab sends one write at a time.
    const sameTab = one.person === other.person && one.tab === other.tab;
    return this.#together([one, sameTab ? { ...other, tab: one.tab === 0 ? 1 : 0 } : other]);
  }

  async #alone(act: Act): Promise<void> {
    const call = await this.#callFor(act);
    if (call === null) return;
    const acted = await this.#act(act, call);
    const [outcome] = outcomesOf(this.#state, [acted]);
    const expected = outcome && modelAnswer(outcome);
    if (outcome === undefined || expected !== acted.answer) {
      throw new Error(`${describe(acted)}\nanswered ${acted.answer}\nand not  ${expected}`);
    }
    this.#states = [outcome.state];
    this.#note();
  }

  async #together(acts: [Act, Act]): Promise<void> {
    const chosen = [await this.#callFor(acts[0]), await this.#callFor(acts[1])];
    const acted = await Promise.all(
      acts.flatMap((act, index) => {
        const call = chosen[index];
        return call ? [this.#act(act, call)] : [];
      }),
    );
    if (acted.length === 0) return;
    this.tally.count("overlaps");
    this.#states = outcomesOf(this.#state, acted).map(({ state }) => state);
    await this.compare(() => acted.map((one) => `${describe(one)} answered ${one.answer}`).join("\n"));
    this.#note();
  }

  /** Compares the database with the model, and leaves the one state of it that is the database's. */
  async compare(context: () => string = () => ""): Promise<void> {
    const snapshot = await this.world.look();
    const held = linesOf(snapshot);
    const differences = this.#states.map((state) => differenceOf(held, linesOf(state)));
    const match = differences.findIndex(({ length }) => length === 0);
    const state = this.#states[match];
    if (state === undefined) {
      const [shortest = ["No order of the writes explains these answers."]] = differences.toSorted(
        (a, b) => a.length - b.length,
      );
      throw new Error(
        `${context()}\nThe database (+) is not what the model says (-):\n${shortest.join("\n")}`,
      );
    }
    this.#states = [state];
  }

  get #state(): State {
    const [state] = this.#states;
    if (state === undefined) throw new Error("There is always one.");
    return state;
  }

  /** Sends a call, and the very same again until it is answered, as people do. */
  async #act(act: Act, call: Call): Promise<Acted> {
    const { tally, line } = this;
    const player = this.world.people[act.person];
    const commandIds: string[] = [];
    tally.count("writes");
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const fault = act.faults[tries] ?? null;
      if (fault !== null) tally.count(fault.kind);
      const one = line.begin(player.tokenHash, fault);
      const result = await call.run(one.scope);
      tally.count("requests", one.requests());
      const happened = one.happened();
      const answered = result.ok || result.code !== "unavailable";
      // What was undone was refused by the model's rules too, and leaves nothing to compare its command with.
      if (happened || answered) commandIds.push(happened ? one.scope.commandId : "undone");
      if (!answered) {
        tally.count("repeats");
        continue;
      }
      tally.count(result.ok ? "acknowledged" : result.code);
      see(player, act.tab, result);
      return { call, person: player.userId, commandIds, answer: readAnswer(result) };
    }
    throw new Error(`${call.name} ${JSON.stringify(call.input)} was never answered.`);
  }

  async #callFor(act: Act): Promise<Call | null> {
    const { people, chosenTagIds } = this.world;
    const player = people[act.person];
    const { wish } = act;
    switch (wish.do) {
      case "create": {
        const id = newId();
        this.#todoIds.push({ id, organizationId: player.organizationId, userId: player.userId });
        return calls.createTodo({ id, ...wish.fields, tags: wish.tags });
      }
      case "update": {
        const id = this.#todo(player, wish.target);
        if (id === null) return null;
        const version = player.tabs[act.tab].get(id) ?? 1;
        return calls.updateTodo({ id, version, ...wish.fields, ...(wish.tags && { tags: wish.tags }) });
      }
      case "by id": {
        const id = this.#todo(player, wish.target);
        return id === null ? null : calls.byId(wish.write, id);
      }
      case "create tag": {
        const id = newId();
        chosenTagIds.add(id);
        this.#labels.push({ label: id, organizationId: player.organizationId });
        return calls.createTag({ id, name: wish.name, colour: wish.colour, icon: null });
      }
      case "settings":
        return calls.saveSettings({
          name: wish.name,
          timeZone: wish.timeZone,
          theme: wish.theme,
          weekStart: 1,
        });
      default:
        return this.#callOnTags(player, wish);
    }
  }

  async #callOnTags(
    player: Player,
    wish: Extract<Wish, { do: "update tag" | "delete tag" | "merge tags" }>,
  ): Promise<Call | null> {
    const labels =
      wish.do === "merge tags"
        ? [this.#label(player, wish.from), this.#label(player, wish.into)]
        : [this.#label(player, wish.target)];
    const { tagIds } = await this.world.look();
    const [tag, other] = labels.map((label) => ({
      label: label ?? "",
      id: tagIds.get(label ?? "") ?? label,
    }));
    if (tag?.id == null) return null;
    switch (wish.do) {
      case "update tag": {
        const { name, colour, icon } = wish;
        return calls.updateTag({ ...tag, id: tag.id }, { name, colour, icon });
      }
      case "delete tag":
        return calls.deleteTag({ ...tag, id: tag.id });
      default:
        return other?.id == null ? null : calls.mergeTags({ ...tag, id: tag.id }, { ...other, id: other.id });
    }
  }

  #todo(player: Player, target: Target): string | null {
    const todos = this.#todoIds.filter((todo) => this.#isOf(player, todo, target.whose));
    return todos[target.nth % todos.length]?.id ?? null;
  }

  #label(player: Player, target: Target): string | null {
    const tags = this.#labels.filter((tag) => this.#isOf(player, tag, target.whose));
    return tags[target.nth % tags.length]?.label ?? null;
  }

  #isOf(player: Player, { organizationId }: { organizationId: string }, whose: Target["whose"]): boolean {
    const team = organizationId === this.world.teamId;
    const own = organizationId === player.organizationId;
    return whose === "mine" ? own : whose === "team's" ? team : !own && !team;
  }

  /** Remembers what there is now that was not before, so that it can be named later. */
  #note(): void {
    for (const tag of Object.values(this.#state.tags)) {
      if (!this.#labels.some(({ label }) => label === tag.label)) this.#labels.push(tag);
    }
  }
}

/**
 * Every order in which some writes may have gone that were under way at once, as far as it gives their answers; what each
 * gives is the last one's outcome.
 */
function outcomesOf(state: State, acted: Acted[], done = acted.map(() => 0)): Outcome[] {
  return acted.flatMap((one, index) => {
    const nth = done[index] ?? 0;
    const commandId = one.commandIds[nth];
    if (commandId === undefined) return [];
    const writer = { person: one.person, commandId };
    const isAlone = acted.length === 1;
    const isAnswered = nth === one.commandIds.length - 1;
    const outcomes = [one.call.model(state, writer)];
    if (!isAlone && one.call.modelBeside) outcomes.push(one.call.modelBeside(state, writer));
    const possible = outcomes.filter(
      (outcome) => isAlone || !isAnswered || explains(state, outcome, one.answer),
    );
    const after = done.map((count, at) => (at === index ? count + 1 : count));
    const isOver = acted.every(({ commandIds }, at) => after[at] === commandIds.length);
    return isOver ? possible : possible.flatMap((outcome) => outcomesOf(outcome.state, acted, after));
  });
}

/**
 * Whether an outcome is one that a write can have answered so beside another. A success is one; a refusal may be said of
 * what the other did in the meantime, so of it we only know that nothing was changed.
 */
function explains(before: State, outcome: Outcome, answer: string): boolean {
  if (answer.startsWith("ok ")) return outcome.answer.code === "ok";
  return outcome.state.audit.length === before.audit.length;
}

function see(player: Player, tab: 0 | 1, result: Awaited<ReturnType<Call["run"]>>): void {
  const row = Object(result.ok ? result.data : result.current) as { id?: string; version?: number };
  if (row.id !== undefined && row.version !== undefined) player.tabs[tab].set(row.id, row.version);
}

function describe({ call, person }: Acted): string {
  return `${call.name} ${JSON.stringify(call.input)} by ${person}`;
}

/** Lines that only one of the two has: the database's with a plus, the model's with a minus. */
function differenceOf(held: string[], wanted: string[]): string[] {
  const left = [...wanted];
  const surplus = held.filter((line) => {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  return [...left.map((line) => `- ${line}`), ...surplus.map((line) => `+ ${line}`)];
}
