import { completeTodo, createTodo, listTodos } from "@/lib/todos/repository";
import type { NewTodo } from "@/lib/todos/types";
import type { Person } from "../tests/helpers/people";
import { expect, hydrated, test } from "./fixtures";

async function add(person: Person, ...todos: NewTodo[]) {
  for (const todo of todos) {
    const result = await createTodo(person.scope(), todo);
    if (!result.ok) throw new Error(`${todo.title}: ${result.code}`);
  }
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("what is no query is answered beside the box, with its place, and stays in the box", async ({
      page,
      requests,
    }) => {
      await page.goto("/search");
      const box = page.getByRole("searchbox", { name: "Search" });
      await box.fill("milk tag:a,b");
      const asked = await requests.during(async () => {
        await box.press("Enter");
        await page.waitForURL(/\/search\?q=/);
        await expect(box).toHaveAttribute("aria-invalid", "true");
      });
      expect(asked).toBe(1);
      await expect(box).toHaveValue("milk tag:a,b");
      await expect(box).toHaveAccessibleDescription(
        "A tag's name cannot contain a comma. It is about “a,b”.",
      );
      await expect(page.locator("[data-slot=field-error] mark")).toHaveText("a,b");
      await expect(page.getByText("Nothing found")).toBeHidden();
    });

    test("a list is narrowed by the language, counts what it finds, and says what is no query", async ({
      page,
      person,
      requests,
    }) => {
      await add(
        person,
        { title: "Buy milk", tags: ["shop"] },
        { title: "Buy bread", tags: ["shop"] },
        { title: "Milk the cow" },
      );
      await page.goto("/todos?sort=title");
      if (javaScriptEnabled) await hydrated(page);
      const box = page.getByRole("searchbox", { name: "Find in this list" });
      const item = (title: string) => page.getByRole("link", { name: title, exact: true });
      await box.fill("-tag:shop mil");
      await box.press("Enter");
      await page.waitForURL(/q=-tag%3Ashop\+mil/);
      await expect(item("Milk the cow")).toBeVisible();
      await expect(item("Buy milk")).toHaveCount(0);
      await expect(page.getByText("1 found")).toBeAttached();
      await expect(page.getByRole("combobox", { name: "Sort" })).toHaveValue("title");

      await box.fill("milk or");
      const asked = await requests.during(async () => {
        await box.press("Enter");
        await page.waitForURL(/q=milk\+or/);
        await expect(box).toHaveAttribute("aria-invalid", "true");
      });
      expect(asked).toBe(1);
      await expect(box).toHaveValue("milk or");
      await expect(box).toHaveAccessibleDescription(/^"or" stands between two things/);
      await expect(page.locator("[data-slot=field-error] mark")).toHaveText("or");
      await expect(item("Buy bread")).toBeVisible();
    });

    test("a text that asks for a status is not narrowed to what is open", async ({ page, person }) => {
      await add(person, { title: "Buy milk" }, { title: "Buy bread" });
      const [todo] = (
        await listTodos(person.scope(), { query: { kind: "word", text: "milk", prefix: false } })
      ).rows;
      await completeTodo(person.scope(), { id: todo?.id ?? "" });
      await page.goto("/todos");
      if (javaScriptEnabled) await hydrated(page);
      const box = page.getByRole("searchbox", { name: "Find in this list" });
      await box.fill("is:done");
      await box.press("Enter");
      await expect(page.getByRole("link", { name: "Buy milk", exact: true })).toBeVisible();
      await expect(page.getByRole("link", { name: "Buy bread", exact: true })).toHaveCount(0);
      await expect(page.getByRole("combobox", { name: "Status" })).toHaveText(/Any status/);
    });

    test("the last word matches as the beginning of one, and what was found is counted", async ({
      page,
      person,
      requests,
    }) => {
      await add(person, { title: "Buy milk" }, { title: "Milking time" }, { title: "Call Anna" });
      const asked = await requests.during(() => page.goto("/search?q=buy+or+mil"));
      expect(asked).toBe(1);
      await expect(page.getByRole("link", { name: "Buy milk", exact: true })).toBeVisible();
      await expect(page.getByRole("link", { name: "Milking time", exact: true })).toBeVisible();
      await expect(page.getByRole("link", { name: "Call Anna", exact: true })).toHaveCount(0);
      await expect(page.getByText("2 found")).toBeAttached();
    });

    test("what is misspelt finds its nearest spelling, as a link", async ({ page, person, requests }) => {
      await add(person, { title: "Renew the passport" }, { title: "Passport photos" });
      const asked = await requests.during(() => page.goto("/search?q=pasport"));
      expect(asked).toBe(1);
      await expect(page.getByText("Nothing found for “pasport”")).toBeVisible();
      await expect(page.getByText("Did you mean passport? (2 todos)")).toBeVisible();
      await page.getByRole("link", { name: "passport", exact: true }).click();
      await expect(page.getByRole("link", { name: "Passport photos", exact: true })).toBeVisible();
      await expect(page.getByText("2 found")).toBeAttached();
    });

    test("the help's examples can be tried", async ({ page, person }) => {
      await add(person, { title: "Buy milk" });
      await page.goto("/search");
      await page.getByText("What you can ask for").click();
      const example = page.getByRole("link", { name: '"buy milk"', exact: true });
      await example.click();
      await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue('"buy milk"');
      await expect(page.getByRole("link", { name: "Buy milk", exact: true })).toBeVisible();
    });
  });
}

test("an invalid search is mended and asked again, and Back shows what was typed before", async ({
  page,
  person,
}) => {
  await add(person, { title: "Buy milk" });
  await page.goto("/search?q=milk+%28");
  await hydrated(page);
  const box = page.getByRole("searchbox", { name: "Search" });
  await expect(box).toHaveAccessibleDescription(/This "\(" has no "\)"\./);
  await box.fill("milk");
  await box.press("Enter");
  await expect(page.getByRole("link", { name: "Buy milk", exact: true })).toBeVisible();
  await expect(box).not.toHaveAttribute("aria-invalid");
  await page.goBack();
  await expect(box).toHaveValue("milk (");
});

test("what is typed above a list narrows it as it is typed, one database request each time", async ({
  page,
  person,
  requests,
}) => {
  await add(person, { title: "Buy milk" }, { title: "Call Anna" });
  await page.goto("/todos");
  await hydrated(page);
  const box = page.getByRole("searchbox", { name: "Find in this list" });
  const asked = await requests.during(async () => {
    await box.pressSequentially("mil");
    await expect(page.getByRole("link", { name: "Call Anna", exact: true })).toHaveCount(0);
  });
  expect(asked).toBe(1);
  await expect(page.getByRole("link", { name: "Buy milk", exact: true })).toBeVisible();
  await expect(box).toBeFocused();
});

test("what is added to a list of found words stays until the list is read again", async ({
  page,
  person,
}) => {
  await add(person, { title: "Buy milk" });
  await page.goto("/todos?q=milk");
  await hydrated(page);
  const line = page.getByRole("textbox", { name: "Add todo" });
  await line.fill("Call Anna");
  await line.press("Enter");
  await expect(page.getByRole("link", { name: "Call Anna", exact: true })).toBeVisible();
  await expect(page.getByText("It is not part of this page.")).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("link", { name: "Buy milk", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Call Anna", exact: true })).toHaveCount(0);
});

test("what an address asks for and no field shows stays when something else is chosen", async ({
  page,
  person,
}) => {
  await add(person, { title: "Buy milk", tags: ["shop"] }, { title: "Call Anna" });
  await page.goto("/todos?notag=shop");
  await hydrated(page);
  await expect(page.getByText("Not tagged shop")).toBeVisible();
  await page.getByRole("combobox", { name: "Sort" }).selectOption({ label: "By title" });
  await expect(page).toHaveURL(/notag=shop/);
  await expect(page).toHaveURL(/sort=title/);
  await expect(page.getByRole("link", { name: "Call Anna", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Buy milk", exact: true })).toHaveCount(0);
});
