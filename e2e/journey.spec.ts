import { expect, test } from "@playwright/test";

/** A day so many days from now, as date inputs have it, in UTC: the zone of someone who has not chosen one. */
function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled, timezoneId: "UTC" });

    test("signs up, keeps todos, finds them again, and signs out for good", async ({ page, context }) => {
      test.setTimeout(90_000);
      const item = (title: string) =>
        page.getByRole("listitem").filter({ has: page.getByRole("link", { name: title, exact: true }) });
      const goTo = async (name: string) => {
        await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).click();
        await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
      };

      // A newcomer reads what Cairn is and signs up.
      await page.goto("/");
      await page.getByRole("link", { name: "Create account" }).first().click();
      await page.getByRole("textbox", { name: "Name" }).fill("Ada Lovelace");
      await page
        .getByRole("textbox", { name: "Email" })
        .fill(`ada-${Date.now()}-${javaScriptEnabled}@cairn.example`);
      await page.getByRole("textbox", { name: "Password" }).fill("notes on the engine");
      await page.getByRole("button", { name: "Create account" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();

      // Three todos: one in a line, the others with details on their own pages.
      await goTo("All");
      for (const title of ["Buy milk", "Write the report", "Call Grace"]) {
        await page.getByRole("textbox", { name: "Add todo" }).fill(title);
        await page.getByRole("textbox", { name: "Add todo" }).press("Enter");
        await expect(item(title)).toBeVisible();
      }
      await page.getByRole("link", { name: "Write the report", exact: true }).click();
      // With script it opens beside the list, which has a line with fields of the same names.
      const editor = page.getByRole("form", { name: "Edit todo" });
      await editor.getByLabel("Title").fill("Write the yearly report");
      await editor.getByLabel("Description").fill("With the figures of November.");
      await editor.getByLabel("Due date").fill(dayFromNow(3));
      await editor.getByLabel("Tags").fill("work, Reports");
      await editor.getByRole("button", { name: "Save" }).click();
      await goTo("Upcoming");
      await expect(item("Write the yearly report").getByRole("link", { name: "Reports" })).toBeVisible();

      // One is done, one goes away and comes back.
      await goTo("All");
      await page.getByRole("checkbox", { name: "Complete Buy milk" }).click();
      if (javaScriptEnabled) {
        await expect(page.getByRole("checkbox", { name: "Complete Buy milk" })).toBeChecked();
        await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
      }
      await goTo("All");
      await expect(item("Buy milk")).toHaveCount(0);
      await item("Call Grace").hover();
      await page.getByRole("button", { name: "Delete Call Grace", exact: true }).click();
      await expect(item("Call Grace")).toHaveCount(0);
      await goTo("Trash");
      await page.getByRole("button", { name: "Restore Call Grace", exact: true }).click();
      await expect(item("Call Grace")).toHaveCount(0);
      await goTo("All");
      await expect(item("Call Grace")).toBeVisible();

      // Everything can be found, and is remembered.
      await goTo("Search");
      await page.getByRole("searchbox", { name: "Search" }).fill("november figures");
      await page.getByRole("searchbox", { name: "Search" }).press("Enter");
      await expect(item("Write the yearly report")).toBeVisible();
      await goTo("Dashboard");
      await expect(page.getByRole("term").filter({ hasText: "Done today" }).locator("..")).toContainText("1");
      await goTo("Tags");
      await expect(page.getByRole("listitem").filter({ hasText: "Reports" }).first()).toBeVisible();
      await goTo("Activity");
      await expect(page.getByText("Completed “Buy milk”")).toBeVisible();

      // Signed out, the old cookie opens nothing.
      const cookies = await context.cookies();
      await page.getByRole("button", { name: /Account/ }).click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await expect(page).toHaveURL("/");
      await context.addCookies(cookies);
      await page.goto("/todos");
      await expect(page).toHaveURL(/\/sign-in\?/);
    });
  });
}
