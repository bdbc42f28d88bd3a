import { parseArgs } from "node:util";
import { CommandError } from "../commands/command-error";
import type { Crowd } from "./crowd";

export type SeedArguments = { what: "help" } | { what: "demo" } | ({ what: "crowd"; force: boolean } & Crowd);

const LIMITS = {
  people: { from: 2, to: 100_000, default: 1000 },
  todos: { from: 2, to: 10_000_000, default: 1_000_000 },
  heavy: { from: 1, to: 10_000_000, default: null },
  seed: { from: 0, to: 2 ** 31 - 1, default: 42 },
} as const;

export const seedUsage = `Usage: pnpm db:seed
       pnpm db:seed --people 1000 --todos 1000000 --heavy 300000 --seed 42

Without options it makes the demo person. With some, a crowd to measure on; what is not given is as above.
  --people N    how many people
  --todos N     how many todos they have in all
  --heavy N     how many of these one person owns (default: three in ten)
  --seed N      the same number gives the same data
  --today DATE  the day before which everything happened, YYYY-MM-DD (default: today)
  --force       do it to a database that is not on this machine`;

/**
 * Reads the command line of db:seed.
 * @param today what --today is by default
 * @throws CommandError
 */
export function readSeedArguments(args: string[], today: string): SeedArguments {
  const given = args.filter((argument) => argument !== "--"); // pnpm passes on that of `pnpm db:seed -- --seed 7`.
  const values = parse(given);
  if (values.help === true) return { what: "help" };
  if (given.length === 0) return { what: "demo" };
  if ([values.people, values.todos, values.heavy, values.seed].every((value) => value === undefined)) {
    throw new CommandError(`--today and --force go with a number, such as --people 1000.\n\n${seedUsage}`);
  }
  const people = number("people", values.people);
  const todos = number("todos", values.todos);
  const heavy = values.heavy === undefined ? Math.ceil(todos * 0.3) : number("heavy", values.heavy);
  if (heavy >= todos) throw new CommandError(`--heavy must be less than --todos, which is ${todos}.`);
  const seed = number("seed", values.seed);
  return {
    what: "crowd",
    people,
    todos,
    heavy,
    seed,
    today: date(values.today ?? today),
    force: values.force ?? false,
  };
}

function parse(args: string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args,
      options: {
        people: text,
        todos: text,
        heavy: text,
        seed: text,
        today: text,
        force: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    // Node's own message goes on about how to pass such a thing as a positional argument.
    if (error instanceof TypeError) {
      throw new CommandError(`${error.message.split(". ")[0]}.\n\n${seedUsage}`, { cause: error });
    }
    throw error;
  }
}

function number(name: keyof typeof LIMITS, text: string | undefined): number {
  const { from, to, default: byDefault } = LIMITS[name];
  if (text === undefined && byDefault !== null) return byDefault;
  const value = Number(text);
  if (text !== undefined && /^\d{1,10}$/.test(text) && value >= from && value <= to) return value;
  throw new CommandError(`--${name} must be a whole number from ${from} to ${to}, not "${text}".`);
}

function date(text: string): string {
  const instant = new Date(`${text}T00:00:00Z`);
  const isDay = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(`${text}T`);
  if (isDay && text >= "1990-01-01" && text <= "2999-12-31") return text;
  throw new CommandError(`--today must be a day such as 2026-11-20, not "${text}".`);
}
