import type { Page } from "@playwright/test";
import { createTag } from "@/lib/tags/repository";
import { completeTodo, createTodo, reopenTodo, updateTodo } from "@/lib/todos/repository";
import type { Person } from "../tests/helpers/people";
import { done } from "../tests/todos/world";
import { expect, hydrated, test } from "./fixtures";

const add = async (person: Person, title: string, more: object = {}) =>
  (await done(createTodo(person.scope(), { title, ...more }))).id;

async function open(page: Page, path: string) {
  await page.goto(path);
  await hydrated(page);
}

const box = (page: Page, title: string) => page.getByRole("checkbox", { name: `Complete ${title}` });
const link = (page: Page, title: string) => page.getByRole("link", { name: title, exact: true });

/** Does something that asks the server once, and waits for its answer. */
async function answered(page: Page, work: () => Promise<unknown>) {
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await work();
  await answer;
}

async function statusOf(
  database: { sql: (text: string, params: unknown[]) => Promise<unknown[]> },
  id: string,
) {
  const [row] = await database.sql("select status, completed_at is null as open from todos where id = $1", [
    id,
  ]);
  return row;
}

/** Lets the server do what is asked of it next, and the browser never hear of it. */
const loseReply = (page: Page) =>
  page.route(
    "**/*",
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
const undo = (page: Page) => answered(page, () => page.getByRole("button", { name: "Undo" }).click());

test("takes back and does again by the message and by the keyboard, each with one database request", async ({
  page,
  person,
  database,
  requests,
}) => {
  const id = await add(person, "Read the plan");
  await done(updateTodo(person.scope(), { id, version: 1, description: "Twice" }));
  await open(page, "/todos?status=all");
  const inProgress = { status: "in_progress", open: true };
  await database.sql("update todos set status = 'in_progress' where id = $1", [id]);
  await page.reload();
  await hydrated(page);

  const counted: number[] = [];
  const count = async (work: () => Promise<unknown>) => {
    counted.push(await requests.during(() => answered(page, work)));
  };
  await count(() => box(page, "Read the plan").click());
  await count(() => page.getByRole("button", { name: "Undo" }).click());
  await expect(box(page, "Read the plan")).not.toBeChecked();
  // Not only reopened: it was in progress.
  expect(await statusOf(database, id)).toEqual(inProgress);

  await count(() => page.getByRole("button", { name: "Redo" }).click());
  await expect(box(page, "Read the plan")).toBeChecked();
  await count(() => page.keyboard.press("Control+z"));
  await expect(box(page, "Read the plan")).not.toBeChecked();
  await count(() => page.keyboard.press("Control+Shift+z"));
  await expect(box(page, "Read the plan")).toBeChecked();
  await count(() => page.keyboard.press("Control+z"));
  expect(await statusOf(database, id)).toEqual(inProgress);
  expect(counted).toEqual(Array(6).fill(1));
});

test("goes back step by step, also through what was added, and shows it before the server answers", async ({
  page,
  person,
}) => {
  await add(person, "One");
  await open(page, "/todos");
  const line = page.getByRole("textbox", { name: "Add todo" });
  await line.fill("Two");
  await answered(page, () => line.press("Enter"));
  await answered(page, () => page.getByRole("button", { name: "Delete One", exact: true }).click());
  await line.blur();
  await expect(link(page, "One")).toBeHidden();

  await page.keyboard.press("Control+z");
  await expect(link(page, "One")).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(link(page, "Two")).toBeHidden();
  await page.keyboard.press("Control+Shift+z");
  await expect(link(page, "Two")).toBeVisible();
  await page.keyboard.press("Control+Shift+z");
  await expect(link(page, "One")).toBeHidden();
  await expect(page.getByRole("status").filter({ hasText: "Deleted “One”" })).toBeVisible();
});

test("leaves Ctrl+Z in a field to the text", async ({ page, person }) => {
  await add(person, "One");
  await open(page, "/todos");
  await answered(page, () => box(page, "One").click());
  const line = page.getByRole("textbox", { name: "Add todo" });
  await line.pressSequentially("typed");
  await line.press("Control+z");
  await expect(line).not.toHaveValue("typed");
  await expect(box(page, "One")).toBeChecked();
});

test("says why something cannot be taken back, and shows how it stands", async ({ page, person }) => {
  const id = await add(person, "One");
  await open(page, "/todos?status=all");
  await answered(page, () => box(page, "One").click());
  await done(reopenTodo(person.scope(), { id }));
  await done(updateTodo(person.scope(), { id, version: 3, title: "Won" }));
  await answered(page, () => page.getByRole("button", { name: "Undo" }).click());
  await expect(page.getByText("Left as it is: “Won” (it was changed since).")).toBeVisible();
  await expect(link(page, "Won")).toBeVisible();
  await expect(box(page, "Won")).not.toBeChecked();
});

test("brings a deleted tag back to its todos, from the tags' page", async ({ page, person, requests }) => {
  await done(createTag(person.scope(), { name: "Home", colour: "#1d5c47", icon: null }));
  await add(person, "One", { tags: ["Home"] });
  await open(page, "/tags");
  const row = page.getByRole("list", { name: "Tags" }).getByRole("listitem").filter({ hasText: "Home" });
  await row.getByText("Edit").first().click();
  await answered(page, () => page.getByRole("button", { name: "Delete the tag Home" }).click());
  await expect(row).toHaveCount(0);
  const asked = await requests.during(() =>
    answered(page, () => page.getByRole("button", { name: "Undo" }).click()),
  );
  expect(asked).toBe(1);
  await expect(row).toContainText("1 open of 1");
});

test.describe("when the reply to a click is lost", () => {
  test.use({ expectedComplaints: [/net::ERR_FAILED/] });

  test("the same click once more is the same command, and its message takes it back", async ({
    page,
    person,
    database,
  }) => {
    const id = await add(person, "One");
    await open(page, "/todos?status=all");
    await loseReply(page);
    await page.getByRole("button", { name: "Delete One", exact: true }).click();
    await expect(page.getByText("Could not delete “One”. Cairn does not answer.")).toBeVisible();
    await expect(link(page, "One")).toBeVisible();
    await answered(page, () => page.getByRole("button", { name: "Try again" }).click());
    await expect(link(page, "One")).toBeHidden();
    await undo(page);
    await expect(link(page, "One")).toBeVisible();

    await loseReply(page);
    await box(page, "One").click();
    await expect(page.getByText("Could not complete “One”. Cairn does not answer.")).toBeVisible();
    await answered(page, () => box(page, "One").click());
    await expect(box(page, "One")).toBeChecked();
    await undo(page);
    await expect(box(page, "One")).not.toBeChecked();
    const actions =
      "select action from audit_logs where entity_id = $1 and command_id is not null order by id";
    expect(await database.sql(actions, [id])).toEqual(
      ["create", "delete", "restore", "complete", "reopen"].map((action) => ({ action })),
    );
    expect(await statusOf(database, id)).toEqual({ status: "pending", open: true });
  });

  test("the same form once more is the same command, and its message takes it back", async ({
    page,
    person: _person,
  }) => {
    await open(page, "/tags");
    const name = page.getByRole("textbox", { name: "New tag" });
    const tag = page.getByRole("list", { name: "Tags" }).getByText("Home", { exact: true });
    await name.fill("Home");
    await loseReply(page);
    await page.getByRole("button", { name: "Create tag" }).click();
    await expect(page.getByText("Cairn does not answer.")).toBeVisible();
    await expect(name).toHaveValue("Home");
    await answered(page, () => page.getByRole("button", { name: "Create tag" }).click());
    await expect(tag).toBeVisible();
    await undo(page);
    await expect(tag).toHaveCount(0);
  });
});

test.describe("the activity", () => {
  test("takes back a command with one request, does it again, and is told by the next page", async ({
    page,
    person,
    requests,
  }) => {
    const id = await add(person, "One");
    await done(completeTodo(person.scope(), { id }));
    await open(page, "/activity");
    const button = page.getByRole("button", { name: "Undo: Completed “One”" });
    const redo = page.getByRole("button", { name: "Redo: Completed “One”" });
    expect(await requests.during(() => answered(page, () => button.click()))).toBe(1);
    await expect(redo).toBeVisible();
    expect(await requests.during(() => answered(page, () => redo.click()))).toBe(1);
    await expect(button).toBeVisible();
    await open(page, "/activity");
    await expect(page.getByRole("listitem").filter({ hasText: "Completed “One”" })).toHaveCount(2);
    await expect(page.getByText("Redone")).toBeVisible();
  });

  test.describe("without script", () => {
    test.use({ javaScriptEnabled: false });

    test("takes back a command by a plain form, and says what it left", async ({ page, person }) => {
      const [one, two] = [await add(person, "One"), await add(person, "Two")];
      const scope = person.scope();
      await done(completeTodo(scope, { id: one }));
      await done(completeTodo(scope, { id: two }));
      await done(reopenTodo(person.scope(), { id: two }));
      await page.goto("/activity");
      await page.getByRole("button", { name: "Undo: Completed “One”" }).click();
      await expect(page).toHaveURL("/activity");
      await expect(page.getByText("Left as it is: “Two” (it was changed since).")).toBeVisible();
      await expect(page.getByText("Reopened “One”")).toBeVisible();

      // All of it is left: nothing is done, and the page says so.
      const again = person.scope();
      await done(completeTodo(again, { id: two }));
      await done(reopenTodo(person.scope(), { id: two }));
      await page.goto("/activity");
      await page.getByRole("button", { name: "Undo: Completed “Two”" }).first().click();
      await expect(page.getByRole("alert")).toContainText("“Two” (it was changed since)");
    });

    test("gives a field its earlier value by a plain form", async ({ page, person }) => {
      const id = await add(person, "One");
      await done(updateTodo(person.scope(), { id, version: 1, title: "Two" }));
      await page.goto(`/todos/${id}`);
      await page.getByText("What it was before").click();
      await page.getByRole("button", { name: "Restore title" }).click();
      await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("One");
    });
  });
});

test("gives a field its earlier value from the history, with one request, and the form follows", async ({
  page,
  person,
  requests,
}) => {
  const id = await add(person, "One", { description: "First words", priority: 2 });
  await done(updateTodo(person.scope(), { id, version: 1, title: "Two", description: "", priority: 3 }));
  await open(page, `/todos/${id}`);
  await page.getByText("What it was before").click();
  await expect(page.getByRole("definition").filter({ hasText: "First words" })).toBeVisible();
  for (const [label, value] of [
    ["Title", "One"],
    ["Description", "First words"],
    ["Priority", "2"],
  ] as const) {
    const button = page.getByRole("button", { name: `Restore ${label.toLowerCase()}` });
    expect(await requests.during(() => answered(page, () => button.click()))).toBe(1);
    await expect(page.getByLabel(label, { exact: true })).toHaveValue(value);
  }
});
