import { createInterface } from "node:readline/promises";
import { CommandError, explainFailure } from "./commands/command-error";
import { Progress } from "./commands/progress";
import { readSeedArguments, seedUsage } from "./seed/arguments";
import type { Crowd } from "./seed/crowd";
import { HEAVY_EMAIL, personEmail } from "./seed/crowd/people";
import { DEMO_EMAIL, DEMO_PASSWORD, seedDemo } from "./seed/demo";
import { isLocalUrl, withTargetDatabase } from "./target-database";

async function main(args: string[]): Promise<void> {
  const wanted = readSeedArguments(args, new Date().toISOString().slice(0, 10));
  if (wanted.what === "help") console.log(seedUsage);
  else if (wanted.what === "demo") await makeDemo();
  else await makeCrowd(wanted);
}

async function makeDemo(): Promise<void> {
  const made = await withTargetDatabase((url) => seedDemo({ url }));
  console.log(
    made === null
      ? `The demo person ${DEMO_EMAIL} is there already; nothing was changed.`
      : `Made ${made.todos} todos for ${DEMO_EMAIL}, whose password is ${DEMO_PASSWORD}.`,
  );
}

async function makeCrowd({ force, ...crowd }: Crowd & { force: boolean }): Promise<void> {
  // Only here, because a deployment does not have what it needs.
  const { seedCrowd } = await import("./seed/crowd");
  const progress = new Progress(process.stdout);
  await withTargetDatabase(async (url) => {
    if (!force && !isLocalUrl(url)) await confirm(new URL(url), crowd);
    await seedCrowd({ url, ...crowd }, (title, work) => progress.stage(title, work));
  });
  console.log(
    `${HEAVY_EMAIL} has ${crowd.heavy.toLocaleString("en")} of the todos; ${personEmail(1)} to ` +
      `${personEmail(crowd.people - 1)} share the others. Everyone's password is ${DEMO_PASSWORD}.`,
  );
}

/** A database elsewhere may be the one that people use: whoever means it types its name. */
async function confirm(url: URL, { people, todos }: Crowd): Promise<void> {
  const hostname = url.searchParams.get("host") ?? (url.hostname || "a host that the address does not name");
  const what = `${people.toLocaleString("en")} people whose password is in the source and ${todos.toLocaleString("en")} todos`;
  if (!process.stdin.isTTY) {
    throw new CommandError(
      `The database is at ${hostname}, not on this machine. --force adds ${what} to it all the same.`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `This adds ${what} to the database at ${hostname}, and keeps others from using it meanwhile.\nType the host's name to go on: `,
  );
  terminal.close();
  if (answer.trim() !== hostname) throw new CommandError("That is not its name; nothing was changed.");
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(explainFailure(error));
  process.exitCode = 1;
});
