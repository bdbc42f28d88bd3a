import { existsSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { catalogue } from "@/scripts/explain/catalogue";

/** Functions that only build statements, and whose entry it is that sends them. */
const SENT_BY: Record<string, string> = {
  "organizations.personalOrganizationStatements": "auth.signUpPerson",
};

it("the catalogue holds every function of every repository, and nothing that is gone", async () => {
  const nouns = readdirSync("lib").filter((name) => existsSync(`lib/${name}/repository.ts`));
  expect(nouns.length).toBeGreaterThanOrEqual(7);
  const functions: string[] = [];
  for (const noun of nouns) {
    const exports: Record<string, unknown> = await import(`@/lib/${noun}/repository.ts`);
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value === "function") functions.push(`${noun}.${name}`);
    }
  }
  const asked = new Set(catalogue.filter(({ ask }) => ask.as === "app_user").map(({ name }) => name));
  expect([...asked].toSorted()).toEqual(functions.filter((name) => !(name in SENT_BY)).toSorted());
  const all = catalogue.map(({ name }) => name);
  for (const entry of Object.values(SENT_BY)) expect(all).toContain(entry);
});

it("the catalogue names every shape once", () => {
  const titles = catalogue.map(({ name, variant }) => `${name}: ${variant}`);
  expect(new Set(titles).size).toBe(titles.length);
});
