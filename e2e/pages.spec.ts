import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { createTodo, deleteTodo, completeTodo } from "@/lib/todos/repository";
import { createPerson, type Person } from "../tests/helpers/people";
import { expect, hydrated, signedInPages, test } from "./fixtures";

/** Todos of every kind, so that no page is empty; gives the id of one. */
async function fill(person: Person): Promise<string> {
  const { today } = await person.scope().actor();
  const add = async (title: string, more: object = {}) => {
    const result = await createTodo(person.scope(), { title, ...more });
    if (!result.ok) throw new Error(`${title}: ${result.code}`);
    return result.data.id;
  };
  const id = await add("Read the plan", {
    description: "All of it, twice.",
    priority: 5,
    dueDate: today,
    tags: ["work", "reading"],
  });
  await add("Water the plants", { dueDate: "2999-12-31", dueTime: "18:00", tags: ["home"] });
  await add("Someday");
  await completeTodo(person.scope(), { id: await add("Done already") });
  await deleteTodo(person.scope(), { id: await add("Thrown away") });
  return id;
}

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

async function expectNoSidewaysScroll(page: Page) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, "pixels to the side").toBeLessThanOrEqual(0);
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    for (const path of ["/", "/sign-in", "/sign-up"]) {
      test(`${path} has no accessibility violation, wide and at 320 px`, async ({ page }) => {
        await page.goto(path);
        await expectAccessible(page);
        await page.setViewportSize({ width: 320, height: 640 });
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      });
    }

    test.describe("where nothing is", () => {
      test.use({ expectedComplaints: [/status of 404/] });

      test("the page has no accessibility violation", async ({ page }) => {
        expect((await page.goto("/nowhere"))?.status()).toBe(404);
        await expectAccessible(page);
      });
    });

    test("no page inside has an accessibility violation, wide and at 320 px", async ({ page, person }) => {
      test.setTimeout(240_000);
      const id = await fill(person);
      const paths = [
        ...signedInPages.map(([path]) => path),
        `/todos/${id}`,
        "/search?q=plan",
        "/search?q=plan+or",
        "/todos?status=all",
        "/todos?q=plan+%28",
      ];
      for (const path of paths) {
        await test.step(path, async () => {
          await page.setViewportSize({ width: 1280, height: 800 });
          await page.goto(path);
          await hydrated(page);
          await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
          await expectAccessible(page);
          await page.setViewportSize({ width: 320, height: 640 });
          await expectNoSidewaysScroll(page);
          await expectAccessible(page);
        });
      }
    });
  });
}

test("a full page load is one database request, whatever the page", async ({ page, person, requests }) => {
  const id = await fill(person);
  const paths = [
    ...signedInPages.map(([path]) => path),
    `/todos/${id}`,
    "/search?q=plan",
    "/search?q=plna",
    "/todos?status=all&tag=home&q=wat",
    "/todos?q=plan+or",
  ];
  const counted: Record<string, number> = {};
  for (const path of paths) {
    counted[path] = await requests.during(async () => {
      await page.goto(path);
      await hydrated(page);
    });
  }
  expect(counted).toEqual(Object.fromEntries(paths.map((path) => [path, 1])));
});

test("going from page to page is one database request each", async ({ page, person, requests }) => {
  await fill(person);
  await page.goto("/today");
  await hydrated(page);
  const main = page.getByRole("navigation", { name: "Main" });
  const counted: Record<string, number> = {};
  for (const [path, title] of signedInPages.slice(1)) {
    counted[path] = await requests.during(async () => {
      await main.getByRole("link", { name: title, exact: true }).click();
      await expect(page).toHaveURL(path);
      await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    });
    // An id that the page before, or the sidebar, has too takes a label away from its control.
    const ids = await page
      .locator("[id]")
      .evaluateAll((elements) => elements.map((element) => element.getAttribute("id")));
    expect(ids, path).toEqual([...new Set(ids)]);
  }
  expect(counted).toEqual(Object.fromEntries(signedInPages.slice(1).map(([path]) => [path, 1])));
});

test("every page runs under the nonce policy: no violation, and its script answers a click", async ({
  page,
  person,
}) => {
  const id = await fill(person);
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  for (const path of [...signedInPages.map(([route]) => route), `/todos/${id}`]) {
    const response = await page.goto(path);
    expect(response?.headers()["content-security-policy"]).toMatch(
      /script-src 'nonce-[^']+' 'strict-dynamic'/,
    );
    await hydrated(page);
    await page.getByRole("button", { name: /Account/ }).click();
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  }
});

test("is found again: the address of a filtered list, after back and a reload", async ({ page, person }) => {
  await fill(person);
  await page.goto("/todos?status=all&tag=home");
  const found = page.getByRole("link", { name: "Water the plants" });
  await expect(found).toBeVisible();
  await expect(page.getByRole("link", { name: "Someday" })).toHaveCount(0);
  await found.click();
  await expect(page).toHaveURL(/\/todos\/[0-9a-f-]{36}$/);
  await page.goBack();
  await expect(page).toHaveURL("/todos?status=all&tag=home");
  await expect(found).toBeVisible();
});

test("says that it cannot reach the database, keeps the cookie, and goes on afterwards", async ({
  page,
  person,
  requests,
  context,
}) => {
  await fill(person);
  await requests.setFault({ kind: "lose-request" });
  for (const [path] of signedInPages) {
    await page.goto(path);
    await expect(
      page.getByRole("heading", { name: "Cairn cannot reach the database right now" }),
    ).toBeVisible();
  }
  expect((await context.cookies()).map((cookie) => cookie.name)).toContain("cairn.session");
  await requests.setFault(null);
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
});

test.describe("what is not there", () => {
  test.use({ expectedComplaints: [/status of 404/] });

  test("somebody else's todo, an unknown one and a malformed id are the same: not found", async ({
    page,
    person,
    database,
  }) => {
    const other = await createPerson(database, { name: "Grace" });
    const theirs = await createTodo(other.scope(), { title: "A secret of Grace" });
    if (!theirs.ok) throw new Error(theirs.code);
    expect(person.userId).not.toBe(other.userId);
    for (const id of [theirs.data.id, "01900000-0000-7000-8000-000000000000", "1", "..%2f..%2fetc"]) {
      const response = await page.goto(`/todos/${id}`);
      expect(response?.status()).toBe(404);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByText("A secret of Grace")).toHaveCount(0);
    }
  });
});
