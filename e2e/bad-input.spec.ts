import { createTodo, getTodo } from "@/lib/todos/repository";
import { expect, hydrated, test } from "./fixtures";

const texts = {
  markup: `<script>alert("x")</script><img src=x onerror=alert(1)>`,
  "right to left": "שלום עולם مرحبا",
  "four-byte emoji": "🪨🧗🏽‍♀️ climb",
  combining: "Cafe\u0301 and Ångström",
  quotes: `'; drop table todos; -- "`,
};

for (const [name, text] of Object.entries(texts)) {
  test(`keeps ${name} in every field exactly as it was typed`, async ({ page, person }) => {
    page.on("dialog", () => {
      throw new Error("a script of a todo ran");
    });
    await page.goto("/todos");
    await hydrated(page);
    const box = page.getByRole("textbox", { name: "Add todo" });
    await box.fill(text);
    await box.press("Enter");
    const link = page.getByRole("link", { name: text, exact: true });
    await expect(link).toBeVisible();
    await link.click();
    await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue(text);
    await page.getByLabel("Description").fill(text);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText(/Saved/).first()).toBeVisible();
    const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    expect(await getTodo(person.scope(), id)).toMatchObject({ title: text, description: text });
    await page.goto(`/search?q=${encodeURIComponent(text)}`);
    await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue(text);
  });
}

test("an unknown filter and a tampered cursor are said, and the list is shown", async ({ page, person }) => {
  await createTodo(person.scope(), { title: "Still here" });
  for (const query of [
    "status=eaten",
    "priority=6",
    "sort=colour",
    "due=yesterdayish",
    "cursor=abc",
    "from=2026-02-30",
  ]) {
    const response = await page.goto(`/todos?${query}`);
    expect(response?.status(), query).toBe(200);
    await expect(page.getByRole("status").filter({ hasText: /\S/ }).first(), query).toBeVisible();
    await expect(page.getByRole("link", { name: "Still here" }), query).toBeVisible();
  }
});

test("what no search engine would take is no error", async ({ page, person }) => {
  await createTodo(person.scope(), { title: "Fish & chips" });
  for (const query of ["& | ! <-> :* ( ) '", '"unclosed', "((((", "a".repeat(501), "%00", "the", "   "]) {
    const response = await page.goto(`/search?q=${query === "%00" ? query : encodeURIComponent(query)}`);
    expect(response?.status(), query).toBe(200);
    await expect(page.getByRole("searchbox", { name: "Search" })).toBeVisible();
    await expect(page.getByRole("heading", { level: 1, name: "Search" })).toBeVisible();
  }
});

test.describe("a form over its limit", () => {
  test.use({ expectedComplaints: [/status of 413|status of 500|Failed to load resource/] });

  for (const megabytes of [2, 5]) {
    test(`of ${megabytes} MB is refused with a sentence, and the text stays`, async ({ page, person }) => {
      const made = await createTodo(person.scope(), { title: "Small" });
      if (!made.ok) throw new Error(made.code);
      await page.goto(`/todos/${made.data.id}`);
      await hydrated(page);
      const description = page.getByLabel("Description");
      const length = megabytes * 1_000_000;
      await description.evaluate((element) => element.removeAttribute("maxlength"));
      await description.fill("x".repeat(length));
      await page.getByRole("button", { name: "Save" }).click();
      await expect(
        page
          .getByRole("alert")
          .filter({ hasText: /too large|at most 10,000|1 MB/i })
          .first(),
      ).toBeVisible();
      expect((await description.inputValue()).length).toBe(length);
      expect(await getTodo(person.scope(), made.data.id)).toMatchObject({ description: "" });
    });
  }
});
