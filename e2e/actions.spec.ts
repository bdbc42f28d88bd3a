import type { Page } from "@playwright/test";
import { createTag } from "@/lib/tags/repository";
import { createTodo, deleteTodo } from "@/lib/todos/repository";
import type { Person } from "../tests/helpers/people";
import { expect, hydrated, test } from "./fixtures";

async function add(person: Person, title: string, more: object = {}): Promise<string> {
  const result = await createTodo(person.scope(), { title, ...more });
  if (!result.ok) throw new Error(`${title}: ${result.code}`);
  return result.data.id;
}

async function open(page: Page, path: string) {
  await page.goto(path);
  await hydrated(page);
}

test("every click is one database request, the session check and the fresh rows included", async ({
  page,
  person,
  requests,
}) => {
  test.setTimeout(90_000);
  const id = await add(person, "Read the plan");
  const counted: Record<string, number> = {};
  const count = async (name: string, click: () => Promise<unknown>, done: () => Promise<unknown>) => {
    counted[name] = await requests.during(async () => {
      const answered = page.waitForResponse((response) => response.request().method() === "POST");
      await click();
      await done();
      await answered;
    });
  };
  const ring = page.getByRole("checkbox", { name: "Complete Read the plan" });
  const link = page.getByRole("link", { name: "Read the plan", exact: true });
  const toast = (text: string | RegExp) => () => expect(page.getByText(text).first()).toBeVisible();

  await open(page, "/todos");
  const box = page.getByRole("textbox", { name: "Add todo" });
  await box.fill("Another one");
  await count(
    "add",
    () => box.press("Enter"),
    () => expect(page.getByRole("link", { name: "Another one", exact: true })).toBeVisible(),
  );
  await count(
    "complete",
    () => ring.click(),
    () => expect(ring).toBeChecked(),
  );
  await count(
    "reopen",
    () => ring.click(),
    () => expect(ring).not.toBeChecked(),
  );
  await count(
    "delete",
    () => page.getByRole("button", { name: "Delete Read the plan", exact: true }).click(),
    () => expect(link).toHaveCount(0),
  );
  await count(
    "undo",
    () => page.getByRole("button", { name: "Undo" }).last().click(),
    () => expect(link).toBeVisible(),
  );

  await open(page, `/todos/${id}`);
  await page.getByRole("textbox", { name: "Title" }).fill("Read all of the plan");
  await count("save", () => page.getByRole("button", { name: "Save" }).click(), toast(/Saved/));
  await count(
    "start",
    () => page.getByRole("button", { name: "Start", exact: true }).click(),
    () => expect(page.getByRole("button", { name: "Start", exact: true })).toHaveCount(0),
  );

  for (const step of ["Cancel", "Reopen", "Complete"]) {
    const button = page
      .getByRole("group", { name: "Actions" })
      .getByRole("button", { name: step, exact: true });
    await count(
      `${step} on its page`,
      () => button.click(),
      () => expect(button).toHaveCount(0),
    );
  }

  const trashed = await add(person, "Throw away");
  await open(page, `/todos/${trashed}`);
  await count(
    "delete on its page",
    () => page.getByRole("button", { name: "Delete", exact: true }).click(),
    () => expect(page.getByRole("button", { name: "Restore", exact: true })).toBeVisible(),
  );
  await open(page, "/trash");
  await count(
    "restore",
    () => page.getByRole("button", { name: "Restore Throw away" }).click(),
    () => expect(page.getByRole("button", { name: "Restore Throw away" })).toHaveCount(0),
  );
  await deleteTodo(person.scope(), { id: trashed });
  await open(page, "/trash");
  await page.getByRole("button", { name: "Delete Throw away for ever" }).click();
  await count(
    "delete for ever",
    () => page.getByRole("button", { name: "Delete for ever", exact: true }).click(),
    () => expect(page.getByRole("button", { name: "Restore Throw away" })).toHaveCount(0),
  );

  await open(page, "/tags");
  const tag = (name: string) => page.locator("summary").filter({ hasText: name });
  for (const name of ["garden", "balcony"]) {
    await page.getByRole("textbox", { name: "New tag" }).fill(name);
    await count(
      `create tag ${name}`,
      () => page.getByRole("button", { name: "Create tag" }).click(),
      () => expect(tag(name)).toBeVisible(),
    );
  }
  await tag("garden").click();
  await page.getByRole("textbox", { name: "Name of garden" }).fill("Garden");
  await count(
    "save tag",
    () => page.getByRole("button", { name: "Save", exact: true }).click(),
    toast("Tag saved"),
  );
  await page.getByLabel("Merge Garden into").selectOption("balcony");
  await count(
    "merge tags",
    () => page.getByRole("button", { name: "Merge", exact: true }).click(),
    () => expect(tag("Garden")).toHaveCount(0),
  );
  await tag("balcony").click();
  await count(
    "delete tag",
    () => page.getByRole("button", { name: "Delete the tag balcony" }).click(),
    () => expect(tag("balcony")).toHaveCount(0),
  );

  await open(page, "/settings");
  await page.getByLabel("Theme").selectOption("dark");
  await count(
    "save settings",
    () => page.getByRole("button", { name: "Save settings" }).click(),
    toast("Settings saved"),
  );
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");

  expect(counted).toEqual(Object.fromEntries(Object.keys(counted).map((name) => [name, 1])));
  expect(Object.keys(counted)).toHaveLength(19);
});

test("a click paints before the server has heard of it", async ({ page, person, requests }) => {
  await add(person, "Read the plan");
  await open(page, "/todos");
  await requests.setFault({ kind: "delay", ms: 3_000 });
  const ring = page.getByRole("checkbox", { name: "Complete Read the plan" });
  await ring.click();
  await expect(ring).toBeChecked({ timeout: 1_000 });
  await page.getByRole("textbox", { name: "Add todo" }).fill("Second");
  await page.getByRole("textbox", { name: "Add todo" }).press("Enter");
  await expect(page.getByRole("listitem").filter({ hasText: "Second" })).toBeVisible({ timeout: 1_000 });
  await requests.setFault(null);
});

test.describe("when the answer is lost", () => {
  test("a completed todo is open again and says why; a typed one is given back", async ({
    page,
    person,
    requests,
  }) => {
    await add(person, "Read the plan");
    await open(page, "/todos");
    await requests.setFault({ kind: "lose-request" });
    const ring = page.getByRole("checkbox", { name: "Complete Read the plan" });
    await ring.click();
    await expect(ring).not.toBeChecked();
    await expect(page.getByText(/cannot reach its database/).first()).toBeVisible();

    const box = page.getByRole("textbox", { name: "Add todo" });
    await box.fill("Not lost");
    await box.press("Enter");
    await expect(box).toHaveValue("Not lost");
    await expect(page.getByRole("link", { name: "Not lost", exact: true })).toHaveCount(0);

    await requests.setFault(null);
    await box.press("Enter");
    await expect(page.getByRole("link", { name: "Not lost", exact: true })).toBeVisible();
  });

  test("a create whose reply was lost is the same create when it is sent again", async ({
    page,
    person,
    requests,
    database,
  }) => {
    await open(page, "/todos");
    await requests.setFault({ kind: "lose-response" });
    const box = page.getByRole("textbox", { name: "Add todo" });
    await box.fill("Only once");
    await box.press("Enter");
    await expect(box).toHaveValue("Only once");
    await requests.setFault(null);
    await box.press("Enter");
    await expect(page.getByRole("link", { name: "Only once", exact: true })).toBeVisible();
    const rows = await database.sql("select title from todos where user_id = $1", [person.userId]);
    expect(rows).toEqual([{ title: "Only once" }]);
  });
});

test("a session that ended in between keeps what was typed", async ({ page, person, database }) => {
  await open(page, "/todos");
  await database.sql("delete from sessions where token_hash = $1", [person.tokenHash]);
  const box = page.getByRole("textbox", { name: "Add todo" });
  await box.fill("Typed before the end");
  await box.press("Enter");
  await expect(page.getByText(/Your session has ended/).first()).toBeVisible();
  await expect(box).toHaveValue("Typed before the end");
});

test.describe("two tabs", () => {
  test("a save on an old version shows both, and loses neither", async ({ page, person, context }) => {
    const id = await add(person, "Read the plan");
    await open(page, `/todos/${id}`);
    const other = await context.newPage();
    await open(other, `/todos/${id}`);
    await other.getByRole("textbox", { name: "Title" }).fill("Theirs");
    await other.getByRole("button", { name: "Save" }).click();
    await expect(other.getByText(/Saved/).first()).toBeVisible();

    await page.getByRole("textbox", { name: "Title" }).fill("Mine");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Theirs").first()).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("Mine");
    await page.getByRole("button", { name: "Keep mine" }).click();
    await expect(page.getByText(/Saved/).first()).toBeVisible();
    await page.reload();
    await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("Mine");
  });
});

test("a tag renamed on its page is renamed in the sidebar at once", async ({ page, person }) => {
  const made = await createTag(person.scope(), { name: "garden", colour: "#1d5c47", icon: null });
  expect(made.ok).toBe(true);
  await open(page, "/tags");
  await page.getByRole("list", { name: "Tags" }).getByText("garden", { exact: true }).click();
  await page.getByRole("textbox", { name: "Name of garden" }).fill("Garden & balcony");
  await page.getByRole("button", { name: "Save" }).click();
  const main = page.getByRole("navigation", { name: "Main" });
  await expect(main.getByRole("link", { name: "Garden & balcony", exact: true })).toBeVisible();
  await expect(main.getByRole("link", { name: "garden", exact: true })).toHaveCount(0);
});
