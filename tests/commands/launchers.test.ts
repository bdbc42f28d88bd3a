import { describe, expect, it } from "vitest";
import { findLaunchers } from "@/scripts/commands/launchers";

/** Process ids from the top down: 10 is the login shell, our parent is the last. */
function processes(...commands: string[][]) {
  const table = commands.map((command, index) => ({
    pid: 10 + index,
    parent: index === 0 ? 1 : 9 + index,
    command,
  }));
  return {
    parent: 9 + commands.length,
    read: (pid: number) => table.find((entry) => entry.pid === pid) ?? null,
  };
}

const found = ({ parent, read }: ReturnType<typeof processes>) =>
  findLaunchers(parent, read).map(({ pid }) => pid);

describe("the launchers above us", () => {
  it("reach up to npx, and not to the shell or the program that called it", () => {
    const tree = processes(
      ["-bash"],
      ["python3", "run.py"],
      ["npm exec pnpm@12 start"],
      ["sh", "-c", "pnpm start"],
      ["/root/.npm/_npx/1/node_modules/pnpm/pnpm", "start"],
      ["sh", "-c", "tsx scripts/start.ts"],
      ["node", "/clone/node_modules/tsx/dist/cli.mjs", "scripts/start.ts"],
    );
    expect(found(tree)).toEqual([16, 15, 14, 13, 12]);
  });

  it("reach up to pnpm when that was called without npx", () => {
    const tree = processes(
      ["-zsh"],
      ["node", "/usr/bin/pnpm.cjs", "start"],
      ["sh", "-c", "tsx scripts/start.ts"],
    );
    expect(found(tree)).toEqual([12, 11]);
  });

  it("are none when a shell or another program has called us", () => {
    expect(found(processes(["-bash"], ["tsx", "scripts/start.ts"]))).toEqual([]);
    expect(found(processes(["-bash"], ["/opt/pnpm-runner/bin/run", "npm start"]))).toEqual([]);
  });

  it("are none when nothing is known of our parent", () => {
    expect(findLaunchers(4, () => null)).toEqual([]);
  });
});
