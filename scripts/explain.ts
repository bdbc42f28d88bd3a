import { parseArgs } from "node:util";
import { ConnectionError } from "./connection";
import { catalogue } from "./explain/catalogue";
import { explainEntries } from "./explain/explain";
import { details, findingsOf, summarize } from "./explain/report";
import { NobodyError } from "./explain/sample";
import { LocalDatabaseError } from "./local/local-database-error";
import { withTargetDatabase } from "./target-database";

const USAGE = `Usage: pnpm db:explain [name] [--as e-mail] [--json]

Runs the queries of the repositories on the data that there is, and takes everything back: for each its time, the pages
and rows that it touches, and its indexes. With a name ("todos.listTodos", or "todos" for all of a noun), its plans whole.
  --as e-mail  as this person (default: the one with the most todos)
  --json       everything, for programs
Exits with 1 when a query fails, or reads all todos of 10,000 or more.

It works on DATABASE_URL_UNPOOLED, else on DATABASE_URL, else on the local database in .data.`;

class UsageError extends Error {}

async function main(args: string[]): Promise<void> {
  const { values, positionals } = read(args);
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const [name, ...more] = positionals;
  const entries = catalogue.filter(
    (entry) => name === undefined || entry.name === name || entry.name.startsWith(`${name}.`),
  );
  if (more.length > 0) throw new UsageError(USAGE);
  if (entries.length === 0) {
    const names = [...new Set(catalogue.map((entry) => entry.name))];
    throw new UsageError(`There is no query "${name}". There are:\n${names.join("\n")}`);
  }
  const { sample, explained } = await withTargetDatabase((url) =>
    explainEntries({ url, entries, email: values.as }),
  );
  if (values.json) console.log(JSON.stringify(explained, null, 2));
  else {
    console.log(`As ${sample.email}\n`);
    console.log(name === undefined ? summarize(explained) : explained.map(details).join("\n\n"));
  }
  if (explained.some((one) => findingsOf(one).length > 0)) process.exitCode = 1;
}

function read(args: string[]) {
  try {
    return parseArgs({
      args: args.filter((argument) => argument !== "--"),
      allowPositionals: true,
      options: {
        as: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch {
    throw new UsageError(USAGE);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const expected = [UsageError, NobodyError, ConnectionError, LocalDatabaseError];
  console.error(
    expected.some((kind) => error instanceof kind) && error instanceof Error ? error.message : error,
  );
  process.exitCode = 1;
});
