import { expectKeptToBeComputed } from "../helpers/dashboard";
import { modelAnswer, readAnswer } from "./answers";
import { undoCommand, UNDO, type Call } from "./calls";
import type { Line } from "./line";
import type { Outcome } from "./outcome";
import { linesOf, type State } from "./state";
import { purgeTrash } from "./todo-writes";
import type { Act, Sequence, Step } from "./steps";
import type { Tally } from "./tally";
import { checkLook } from "./look";
import { Known } from "./known";
import { callFor } from "./wishes";
import type { Player, World } from "./world";

/** A tab gives up after so many tries without an answer: then something is wrong with the line. */
const TRIES_MAX = 6;

/** Who sends a write, and what its tries meet. */
type Sender = Pick<Act, "person" | "tab" | "faults">;

/**
 * A write as it went: the commands of its tries that the database carried out, the answered one last, and what the tab
 * was told.
 */
type Acted = { call: Call; person: string; commandIds: string[]; tries: number; answer: string };

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
  readonly #known: Known;

  constructor(
    private readonly world: World,
    private readonly line: Line,
    private readonly tally: Tally,
  ) {
    this.#states = [world.beginning];
    this.#known = new Known(world);
  }

  async step(step: Step): Promise<void> {
    if (step.kind === "look") {
      const { person, tab } = step;
      await this.compare();
      return checkLook(this.world, this.line, { state: this.#state, person, tab });
    }
    if (step.kind === "a month later") return this.#purge();
    if (step.kind === "taken back") return this.#takenBack(step.act, step.times);
    if (step.kind === "one") {
      const call = await callFor(this.world, this.#known, step.act);
      if (call !== null) await this.#alone(step.act, call);
      return undefined;
    }
    if (step.kind === "much later") {
      const known = this.#known.call(this.world.people[step.person], step.nth);
      if (known !== null) await this.#alone({ ...step, faults: [] }, known.call, known.commandId);
      return undefined;
    }
    const [one, other] = step.acts;
    // One tab sends one write at a time.
    const sameTab = one.person === other.person && one.tab === other.tab;
    const apart: Act = sameTab ? { ...other, tab: one.tab === 0 ? 1 : 0 } : other;
    return this.#together([one, apart], step.kind === "twice");
  }

  /** @param commandId which command it is, when it was sent before */
  async #alone(act: Sender, call: Call, commandId?: string): Promise<Acted> {
    const acted = await this.#act(act, call, commandId);
    const [outcome] = outcomesOf(this.#state, [acted]);
    const expected = outcome && modelAnswer(outcome);
    if (outcome === undefined || expected !== acted.answer) {
      throw new Error(`${describe(acted)}\nanswered ${acted.answer}\nand not  ${expected}`);
    }
    this.#states = [outcome.state];
    this.#known.note(this.#state);
    return acted;
  }

  /** A write and its Undo, and after that, if wanted, the very same again from a tab that knows of neither. */
  async #takenBack(act: Act, times: number): Promise<void> {
    const call = await callFor(this.world, this.#known, act);
    if (call === null || call.name === UNDO) return;
    let commandId: string | undefined;
    for (let time = 1; time <= times; time += 1) {
      const acted = await this.#alone(time === 1 ? act : { ...act, faults: [] }, call, commandId);
      commandId = acted.commandIds.at(-1);
      if (commandId === undefined || !acted.answer.startsWith("ok ")) return;
      const undone = await this.#alone({ ...act, faults: [] }, undoCommand(commandId));
      if (!/"undone":[1-9]/.test(undone.answer)) return;
      if (acted.tries > 1) this.tally.count("repeats taken back");
      if (time > 1) this.tally.count("taken back twice");
    }
  }

  /** @param same whether the second act is the first one's call once more: somebody who did not wait */
  async #together(acts: [Act, Act], same: boolean): Promise<void> {
    const first = await callFor(this.world, this.#known, acts[0]);
    const calls = [first, same ? first : await callFor(this.world, this.#known, acts[1])];
    const senders = same ? [acts[0], { ...acts[0], faults: acts[1].faults }] : acts;
    const acted = await Promise.all(
      senders.flatMap((act, index) => {
        const call = calls[index];
        return call ? [this.#act(act, call)] : [];
      }),
    );
    if (acted.length === 0) return;
    this.tally.count("overlaps");
    this.#states = outcomesOf(this.#state, acted).map(({ state }) => state);
    await this.compare(() => acted.map((one) => `${describe(one)} answered ${one.answer}`).join("\n"));
    this.#known.note(this.#state);
  }

  /** A month later the trash is emptied by two runs of the job at once: each todo by one of them. */
  async #purge(): Promise<void> {
    const inTrash = Object.values(this.#state.todos).filter(({ deletedBy }) => deletedBy !== null).length;
    const purged = await this.world.purgeTrash();
    if (purged !== inTrash) throw new Error(`The job says that it purged ${purged} todos, not ${inTrash}.`);
    if (purged > 0) this.tally.count("emptied trash");
    this.#states = [purgeTrash(this.#state)];
  }

  /**
   * Compares the database with the model, and leaves the one state of it that is the database's. Their dashboards, which
   * are kept since the last comparison, are what they would be now.
   */
  async compare(context: () => string = () => ""): Promise<void> {
    const snapshot = await this.world.look();
    const held = [...linesOf(snapshot), ...snapshot.miscounts];
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
    for (const { tokenHash } of this.world.people) {
      const { scope, happened } = this.line.begin(tokenHash, null);
      await expectKeptToBeComputed(scope);
      happened();
    }
  }

  get #state(): State {
    const [state] = this.#states;
    if (state === undefined) throw new Error("There is always one.");
    return state;
  }

  /** Sends a call, and the very same again until it is answered, as people do: it stays the same command. */
  async #act(act: Sender, call: Call, known?: string): Promise<Acted> {
    const { tally, line } = this;
    const player = this.world.people[act.person];
    const commandIds: string[] = [];
    let first = known;
    tally.count("writes");
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const fault = act.faults[tries] ?? null;
      if (fault !== null) tally.count(fault.kind);
      const one = line.begin(player.tokenHash, fault, { ...call, commandId: first });
      if (call.name !== UNDO) first ??= one.scope.commandId;
      if (tries === 0) this.#known.addCall(call, player.userId, one.scope.commandId);
      const result = await call.run(one.scope);
      tally.count("requests", one.requests());
      const happened = one.happened();
      const answered = result.ok || result.code !== "unavailable";
      // What was undone was refused by the model's rules too, and leaves nothing to compare its command with.
      const { commandId = one.scope.commandId } = call;
      if (happened) this.#known.addCommand(commandId, player.userId);
      if (happened || answered) commandIds.push(happened ? commandId : "undone");
      if (!answered) {
        tally.count("repeats");
        continue;
      }
      tally.count(result.ok ? "acknowledged" : result.code);
      tally.countWrite(call, result.ok ? "ok" : result.code);
      see(player, act.tab, result);
      return { call, person: player.userId, commandIds, tries: tries + 1, answer: readAnswer(result) };
    }
    throw new Error(`${call.name} ${JSON.stringify(call.input)} was never answered.`);
  }
}

/**
 * Every order in which some writes may have gone that were under way at once, as far as it gives their answers; what each
 * gives is the last one's outcome.
 */
function outcomesOf(
  state: State,
  acted: Acted[],
  done = acted.map(() => 0),
  earlier: State[] = [],
): Outcome[] {
  return acted.flatMap((one, index) => {
    const nth = done[index] ?? 0;
    const commandId = one.commandIds[nth];
    if (commandId === undefined) return [];
    const writer = { person: one.person, commandId };
    const isAlone = acted.length === 1;
    const isAnswered = nth === one.commandIds.length - 1;
    const outcomes = [one.call.model(state, writer)];
    if (!isAlone) outcomes.push(...(one.call.modelBeside?.(state, writer, earlier) ?? []));
    const possible = outcomes.filter(
      (outcome) => isAlone || !isAnswered || explains(state, outcome, one.answer),
    );
    const after = done.map((count, at) => (at === index ? count + 1 : count));
    const isOver = acted.every(({ commandIds }, at) => after[at] === commandIds.length);
    return isOver
      ? possible
      : possible.flatMap((outcome) => outcomesOf(outcome.state, acted, after, [...earlier, state]));
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
