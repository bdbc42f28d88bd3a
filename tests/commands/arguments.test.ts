import { describe, expect, it } from "vitest";
import { readStartArguments, readTestArguments } from "@/scripts/commands/arguments";
import { nodeVersionProblem } from "@/scripts/commands/node-version";

describe("the command line of start", () => {
  it("listens on port 3000 of this machine only, unless told otherwise", () => {
    expect(readStartArguments([], {})).toEqual({ dev: false, help: false, port: 3000, host: "127.0.0.1" });
  });

  it.each([
    [["--port", "4000"], undefined, 4000],
    [["--port=4000"], undefined, 4000],
    [["-p", "4000"], undefined, 4000],
    [["--", "--port", "4000"], undefined, 4000],
    [[], "5000", 5000],
    [["--port", "4000"], "5000", 4000],
    [[], "", 3000],
  ])("reads %j with PORT=%s as port %i", (args, variable, port) => {
    expect(readStartArguments(args, { PORT: variable }).port).toBe(port);
  });

  it.each(["0", "65536", "-1", "3000x", "", "3e3", "٣٠٠٠", "99999999999"])("refuses %j as a port", (text) => {
    expect(() => readStartArguments([`--port=${text}`], {})).toThrow(
      `--port must be a whole number from 1 to 65535, not "${text}".`,
    );
  });

  it("names the variable when PORT is no port", () => {
    expect(() => readStartArguments([], { PORT: "web" })).toThrow(
      'PORT must be a whole number from 1 to 65535, not "web".',
    );
  });

  it.each([[["--prot", "4000"]], [["4000"]], [["--port"]]])("refuses %j and shows the usage", (args) => {
    expect(() => readStartArguments(args, {})).toThrow(/^[^\n]+\.\n\nUsage: pnpm start/);
  });
});

describe("the command line of the tests", () => {
  it("hands what follows e2e to Playwright", () => {
    expect(readTestArguments(["e2e", "--", "todos", "--headed"]).playwrightArguments).toEqual([
      "todos",
      "--headed",
    ]);
  });

  it("takes the minutes and the seed of a soak, and chooses them where they are left out", () => {
    expect(readTestArguments(["soak", "--", "--minutes", "0.5", "--seed", "7"])).toMatchObject({
      command: "soak",
      soak: { minutes: 0.5, seed: 7 },
    });
    const { soak } = readTestArguments(["soak"]);
    expect(soak.minutes).toBe(10);
    expect(Number.isSafeInteger(soak.seed)).toBe(true);
  });

  it.each([
    [["--minutes", "0"], /^--minutes must be a number/],
    [["--minutes", "ten"], /^--minutes must be a number/],
    [["--seed", "-1"], /Usage: pnpm test/],
    [["--seed", "4294967296"], /^--seed must be a whole number/],
    [["--hours", "1"], /Usage: pnpm test/],
    [["1"], /Usage: pnpm test/],
  ])("refuses %j for a soak", (args, sentence) => {
    expect(() => readTestArguments(["soak", ...args])).toThrow(sentence);
  });

  it("refuses arguments where nothing would take them", () => {
    expect(() => readTestArguments(["check", "tests/lib"])).toThrow("pnpm unit tests/lib");
  });
});

describe("the version of Node", () => {
  it.each(["v20.19.0", "v20.20.2", "v22.1.0", "v24.0.0", "v100.0.0"])("accepts %s", (version) => {
    expect(nodeVersionProblem(version)).toBeNull();
  });

  it.each(["v20.18.3", "v18.20.8", "v8.0.0"])("refuses %s in one sentence", (version) => {
    expect(nodeVersionProblem(version)).toBe(
      `Cairn needs Node 20.19 or newer, and this is Node ${version.slice(1)}.`,
    );
  });
});
