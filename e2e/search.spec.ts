import { createTodo } from "@/lib/todos/repository";
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
