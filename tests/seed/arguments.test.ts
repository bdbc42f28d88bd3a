import { describe, expect, it } from "vitest";
import { CommandError } from "@/scripts/commands/command-error";
import { readSeedArguments, seedUsage } from "@/scripts/seed/arguments";

const read = (line: string) => readSeedArguments(line === "" ? [] : line.split(" "), "2026-11-20");

describe("the arguments of db:seed", () => {
  it("mean the demo person when there are none", () => {
    expect(read("")).toEqual({ what: "demo" });
    expect(read("--")).toEqual({ what: "demo" });
  });

  it("mean a crowd when there is a number, and fill in the others", () => {
    expect(read("--people 1000 --todos 1000000 --heavy 300000 --seed 42")).toEqual({
      what: "crowd",
      people: 1000,
      todos: 1_000_000,
      heavy: 300_000,
      seed: 42,
      today: "2026-11-20",
      force: false,
    });
    expect(read("-- --todos 5 --today 2024-02-29 --force")).toEqual({
      what: "crowd",
      people: 1000,
      todos: 5,
      heavy: 2,
      seed: 42,
      today: "2024-02-29",
      force: true,
    });
  });

  it("mean its usage when asked for help", () => {
    expect(read("-h")).toEqual({ what: "help" });
    expect(read("--people 3 --help")).toEqual({ what: "help" });
  });

  it.each([
    ["--people 1", '--people must be a whole number from 2 to 100000, not "1".'],
    ["--people 1e3", '--people must be a whole number from 2 to 100000, not "1e3".'],
    ["--todos 10000001", '--todos must be a whole number from 2 to 10000000, not "10000001".'],
    ["--heavy 0", '--heavy must be a whole number from 1 to 10000000, not "0".'],
    ["--todos 100 --heavy 100", "--heavy must be less than --todos, which is 100."],
    ["--seed 2147483648", '--seed must be a whole number from 0 to 2147483647, not "2147483648".'],
    ["--seed=-1", '--seed must be a whole number from 0 to 2147483647, not "-1".'],
    ["--people 5 --today 2026-02-30", '--today must be a day such as 2026-11-20, not "2026-02-30".'],
    ["--people 5 --today tomorrow", '--today must be a day such as 2026-11-20, not "tomorrow".'],
    ["--force", `--today and --force go with a number, such as --people 1000.\n\n${seedUsage}`],
    ["--peple 5", `Unknown option '--peple'.\n\n${seedUsage}`],
    ["--people", `Option '--people <value>' argument missing.\n\n${seedUsage}`],
  ])("are refused when they are %s", (line, message) => {
    expect(() => read(line)).toThrow(new CommandError(message));
  });
});
