import { expect, test as base, type Page } from "@playwright/test";
import { Client, type QueryResultRow } from "pg";
import { createPerson, type PeopleDatabase, type Person } from "../tests/helpers/people";

type Fault =
  | { kind: "lose-request" }
  | { kind: "lose-response" }
  | { kind: "status"; status: number; body: string }
  | { kind: "delay"; ms: number };

/** The site's requests to the database on behalf of the test's person. */
type DatabaseRequests = {
  /** How many there are while `work` runs. */
  during: (work: () => Promise<unknown>) => Promise<number>;
  /** Has all of them meet a fault from now on; null for none. */
  setFault: (fault: Fault | null) => Promise<void>;
};

type Fixtures = {
  /** Somebody who is signed in, in this test's browser context. */
  person: Person;
  requests: DatabaseRequests;
  /** What the browser is allowed to complain of; everything else fails the test. */
  expectedComplaints: RegExp[];
};

type WorkerFixtures = {
  database: PeopleDatabase;
};

export function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the tests with pnpm e2e.`);
  return value;
}

export const test = base.extend<Fixtures & { complaints: void }, WorkerFixtures>({
  database: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures from it
    async ({}, use) => {
      const client = new Client({ connectionString: given("DATABASE_URL_UNPOOLED") });
      await client.connect();
      await use({
        databaseUrl: given("DATABASE_URL"),
        endpoint: given("NEON_HTTP_ENDPOINT"),
        authSecret: given("AUTH_SECRET"),
        sql: async <Row extends QueryResultRow>(text: string, params: unknown[] = []) =>
          (await client.query<Row>(text, params)).rows,
      });
      await client.end();
    },
    { scope: "worker" },
  ],

  person: async ({ database, context, baseURL }, use) => {
    const person = await createPerson(database, { name: "Ada Lovelace" });
    await signInAs(context, person, baseURL ?? "");
    await use(person);
  },

  requests: async ({ person }, use) => {
    const control = given("CAIRN_PROXY_CONTROL");
    const containing = person.tokenHash;
    const count = async () => {
      const answer: unknown = await (await fetch(`${control}/requests?containing=${containing}`)).json();
      return typeof answer === "object" && answer !== null
        ? Number(Reflect.get(answer, "count"))
        : Number.NaN;
    };
    const clear = () => fetch(`${control}/faults?containing=${containing}`, { method: "DELETE" });
    await use({
      async during(work) {
        const before = await count();
        await work();
        return (await count()) - before;
      },
      async setFault(fault) {
        if (fault === null) await clear();
        else await fetch(`${control}/faults`, { method: "PUT", body: JSON.stringify({ containing, fault }) });
      },
    });
    await clear();
  },

  expectedComplaints: [[], { option: true }],

  complaints: [
    async ({ context, expectedComplaints }, use) => {
      const complaints: string[] = [];
      context.on("weberror", (error) => complaints.push(String(error.error())));
      context.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      await use();
      const unexpected = complaints.filter(
        (text) => !expectedComplaints.some((allowed) => allowed.test(text)),
      );
      expect(unexpected, "the browser's console").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Puts a person's session cookie into a browser context. */
export async function signInAs(
  context: { addCookies: (cookies: { name: string; value: string; url: string }[]) => Promise<void> },
  person: Person,
  baseURL: string,
): Promise<void> {
  await context.addCookies([{ name: "cairn.session", value: person.token, url: baseURL }]);
}

/** Waits until the page's script runs; without script there is nothing to wait for. */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const main = document.querySelector("main");
    return main !== null && Object.keys(main).some((key) => key.startsWith("__react"));
  });
}

/** Every page of a signed-in person, with its title. */
export const signedInPages = [
  ["/today", "Today"],
  ["/upcoming", "Upcoming"],
  ["/todos", "All"],
  ["/dashboard", "Dashboard"],
  ["/search", "Search"],
  ["/tags", "Tags"],
  ["/trash", "Trash"],
  ["/activity", "Activity"],
  ["/settings", "Settings"],
] as const;
