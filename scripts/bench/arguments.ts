import { parseArgs } from "node:util";
import { CommandError } from "../commands/command-error";

export type BenchArguments = {
  help: boolean;
  quick: boolean;
  /** Only operations whose name has this in it. */
  only: string | null;
  json: boolean;
  readme: boolean;
};

export const benchUsage = `Usage: pnpm bench [--quick] [--only NAME] [--json] [--readme]

Measures what people do in Cairn at 10,000 and at 1,000,000 todos, on a database server of its own in .data/bench. The
data is made at the first run, which takes some minutes and 6 GB.
  --quick      at 10,000 todos only, for a short time each, and without the pages
  --only NAME  what has NAME in its name, such as "search" or "page"
  --json       print JSON in place of the table; either way it is kept in .data/bench/latest.json
  --readme     put the table into README.md`;

/**
 * Reads the command line of bench.
 * @throws CommandError
 */
export function readBenchArguments(args: string[]): BenchArguments {
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({
      args: args.filter((argument) => argument !== "--"), // pnpm passes on that of `pnpm bench -- --quick`.
      options: {
        quick: flag,
        only: { type: "string" },
        json: flag,
        readme: flag,
        help: { ...flag, short: "h" },
      },
    });
    if (values.readme && (values.quick || values.only !== undefined)) {
      throw new CommandError(
        "README.md shows the whole table: --readme goes with neither --quick nor --only.",
      );
    }
    return { ...values, only: values.only ?? null };
  } catch (error) {
    // Node's own message goes on about how to pass such a thing as a positional argument.
    if (error instanceof TypeError) {
      throw new CommandError(`${error.message.split(". ")[0]}.\n\n${benchUsage}`, { cause: error });
    }
    throw error;
  }
}
