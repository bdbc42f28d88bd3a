import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, Locator, Page } from "@playwright/test";
import { expect, hydrated, test as base } from "./fixtures";

/** The journeys through the lists, a todo's page and the trash. What every page and every click has in common is in pages and actions. */

const test = base.extend<{ visit: (path: string, inPage?: Page) => Promise<void> }>({
  /** Goes to a page as the test's person, as soon as nothing holds them back, and waits for its script where there is one. */
  visit: async ({ page, person: _signedIn, javaScriptEnabled }, use) => {
    await use(async (path, inPage = page) => {
      await settled(inPage);
      await inPage.goto(path);
      if (javaScriptEnabled) await hydrated(inPage);
    });
  },
});

const addLine = (page: Page) => page.getByRole("textbox", { name: "Add todo" });
const row = (page: Page, title: string) =>
  page
    .getByRole("listitem")
    .filter({ has: page.getByRole("checkbox", { name: `Complete ${title}`, exact: true }) });
const link = (page: Page, title: string) => page.getByRole("link", { name: title, exact: true });
const box = (page: Page, title: string) =>
  page.getByRole("checkbox", { name: `Complete ${title}`, exact: true });

async function add(page: Page, title: string): Promise<void> {
  await addLine(page).fill(title);
  await addLine(page).press("Enter");
  await expect(link(page, title)).toBeVisible();
}

/** Opens a todo's own page from its row, and gives its address. */
async function openTodo(page: Page, title: string): Promise<string> {
  await link(page, title).click();
  await expect(page).toHaveURL(/\/todos\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue(title);
  return page.url();
}

const editor = (page: Page) => page.getByRole("form", { name: "Edit todo" });
const field = (page: Page, name: string): Locator => editor(page).getByLabel(name, { exact: true });
const save = (page: Page) => editor(page).getByRole("button", { name: "Save" }).click();

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("adds, completes and reopens a todo, and keeps it so", async ({ page, visit }) => {
      await visit("/today");
      await expect(page.getByText("Nothing is due today")).toBeVisible();
      await add(page, "Buy milk");
      await expect(row(page, "Buy milk")).toContainText("Today");
      await expect(box(page, "Buy milk")).not.toBeChecked();
      await box(page, "Buy milk").click();
      if (javaScriptEnabled) await expect(box(page, "Buy milk")).toBeChecked();
      await visit("/todos?status=completed");
      await expect(box(page, "Buy milk")).toBeChecked();
      await box(page, "Buy milk").click();
      if (javaScriptEnabled) await expect(box(page, "Buy milk")).not.toBeChecked();
      await visit("/today");
      await expect(box(page, "Buy milk")).not.toBeChecked();
    });

    test("deletes a todo, restores it from the trash, and deletes it for ever after asking", async ({
      page,
      visit,
    }) => {
      await visit("/today");
      await add(page, "Old list");
      await page.getByRole("button", { name: "Delete Old list", exact: true }).click();
      await expect(link(page, "Old list")).toBeHidden();
      await visit("/trash");
      await page.getByRole("button", { name: "Restore Old list" }).click();
      await expect(page.getByText("The trash is empty")).toBeVisible();
      await visit("/today");
      await page.getByRole("button", { name: "Delete Old list", exact: true }).click();
      await expect(link(page, "Old list")).toBeHidden();
      await visit("/trash");
      await page.getByRole("button", { name: "Delete Old list for ever" }).click();
      await expect(page.getByText("This cannot be undone.")).toBeVisible();
      await page.getByRole("button", { name: "Delete for ever", exact: true }).click();
      await expect(page.getByText("The trash is empty")).toBeVisible();
      await visit("/trash");
      await expect(page.getByText("The trash is empty")).toBeVisible();
    });

    test("edits everything of a todo and shows it after a reload, with its history", async ({
      page,
      visit,
    }) => {
      await visit("/today");
      await add(page, "Plan the trip");
      const address = await openTodo(page, "Plan the trip");
      await field(page, "Title").fill("Plan the trip to Lisbon");
      await field(page, "Description").fill("Train or plane?\nAsk Ines.");
      await field(page, "Due date").fill("2099-12-24");
      await field(page, "Time").fill("18:30");
      await field(page, "Priority").selectOption("5");
      await field(page, "Scheduled for").fill("2099-12-01");
      await field(page, "Tags").fill("Travel, Family");
      await save(page);
      if (javaScriptEnabled) await expect(editor(page).getByRole("status")).toHaveText("Saved");
      await visit(address);
      await expect(field(page, "Title")).toHaveValue("Plan the trip to Lisbon");
      await expect(field(page, "Description")).toHaveValue("Train or plane?\nAsk Ines.");
      await expect(field(page, "Due date")).toHaveValue("2099-12-24");
      await expect(field(page, "Time")).toHaveValue("18:30");
      await expect(field(page, "Priority")).toHaveValue("5");
      await expect(field(page, "Scheduled for")).toHaveValue("2099-12-01");
      await expect(field(page, "Tags")).toHaveValue("Family, Travel");
      const history = page.getByRole("region", { name: "History" });
      await expect(history.getByText(/Renamed “Plan the trip” to “Plan the trip to Lisbon”/)).toBeVisible();
      await visit("/todos?tag=travel");
      await expect(row(page, "Plan the trip to Lisbon")).toContainText("24 Dec 2099 18:30");
    });

    test("starts, completes, reopens, cancels, deletes and restores by the buttons of its page", async ({
      page,
      visit,
    }) => {
      await visit("/today");
      await add(page, "Paint the fence");
      await openTodo(page, "Paint the fence");
      const main = page.getByRole("main");
      for (const [button, status] of [
        ["Start", "In progress"],
        ["Complete", "Completed"],
        ["Reopen", "To do"],
        ["Cancel", "Cancelled"],
        ["Delete", "In the trash"],
        ["Restore", "Cancelled"],
      ] as const) {
        await main.getByRole("button", { name: button, exact: true }).click();
        await expect(main.getByText(status, { exact: true }).first()).toBeVisible();
      }
    });

    test("puts every refusal beside its field and keeps what was typed", async ({ page, visit }) => {
      await visit("/today");
      const long = "🪨".repeat(201);
      await addLine(page).fill(long);
      await addLine(page).press("Enter");
      await expect(addLine(page)).toHaveAccessibleDescription("Use at most 200 characters; this has 201.");
      await expect(addLine(page)).toHaveValue(long);

      const exact = "🪨".repeat(200);
      await add(page, exact);
      await openTodo(page, exact);
      await field(page, "Due date").fill("");
      await field(page, "Priority").selectOption("4");
      await field(page, "Description").fill("Kept.");
      await save(page);
      await expect(field(page, "Due date")).toHaveAccessibleDescription("Priority 4 and 5 need a due date.");
      await expect(field(page, "Priority")).toHaveValue("4");
      await expect(field(page, "Description")).toHaveValue("Kept.");
    });

    test("refuses a stale edit, shows both versions and lets the person choose", async ({
      page,
      context,
      visit,
    }) => {
      await visit("/today");
      await add(page, "Call the bank");
      const address = await openTodo(page, "Call the bank");
      const other = await otherEdit(context, visit, address, "Call the other bank");
      await field(page, "Title").fill("Call the bank on Monday");
      await save(page);
      const notice = page.getByRole("alert").filter({ hasText: "Could not save" });
      await expect(notice).toContainText("Call the bank on Monday");
      await expect(notice).toContainText("Call the other bank");
      await expect(field(page, "Title")).toHaveValue("Call the bank on Monday");
      await page.getByRole("button", { name: "Keep mine" }).click();
      await expect(notice).toBeHidden();
      await visit(address);
      await expect(field(page, "Title")).toHaveValue("Call the bank on Monday");

      await field(other, "Title").fill("Stale again");
      await save(other);
      await other.getByRole("link", { name: "Take theirs" }).click();
      await expect(field(other, "Title")).toHaveValue("Call the bank on Monday");
      await expect(other.getByRole("alert").filter({ hasText: "Could not save" })).toBeHidden();
    });

    test("filters by an address, says what of it is not understood, and goes from page to page", async ({
      page,
      visit,
    }) => {
      await visit("/today");
      await add(page, "With a date");
      await visit("/todos");
      await add(page, "Without one");
      await page.getByRole("combobox", { name: "Due" }).selectOption("none");
      if (!javaScriptEnabled) await page.getByRole("button", { name: "Apply" }).click();
      await expect(page).toHaveURL(/[?&]due=none/);
      await expect(link(page, "With a date")).toBeHidden();
      await expect(link(page, "Without one")).toBeVisible();
      await page.goBack();
      await expect(link(page, "With a date")).toBeVisible();
      await expect(page.getByRole("combobox", { name: "Due" })).toHaveValue("");

      await visit("/todos?status=nonsense&colour=red&cursor=tampered");
      await expect(
        page.getByText('The filter "status" cannot be "nonsense"; it was left out.'),
      ).toBeVisible();
      await expect(link(page, "With a date")).toBeVisible();
    });
  });
}

test("undoes a completion and a deletion on the server", async ({ page, visit }) => {
  await visit("/today");
  await add(page, "Water the plants");
  for (const act of [
    box(page, "Water the plants"),
    page.getByRole("button", { name: "Delete Water the plants", exact: true }),
  ]) {
    await act.click();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByRole("status").filter({ hasText: /^Undone: (Completed|Deleted)/ })).toBeVisible();
    await settled(page);
    await visit("/today");
    await expect(box(page, "Water the plants")).not.toBeChecked();
  }
});

test("paints every click before the server answers, and ends as the server says", async ({ page, visit }) => {
  await visit("/today");
  const titles = ["One", "Two", "Three", "Four", "Five"];
  for (const title of titles) await add(page, title);
  await settled(page);
  const release = await holdActions(page);
  for (const title of titles) await box(page, title).click();
  for (const title of titles) await expect(box(page, title)).toBeChecked();
  await box(page, "One").click();
  await expect(box(page, "One")).not.toBeChecked();
  await page.getByRole("button", { name: "Delete Two", exact: true }).click();
  await expect(link(page, "Two")).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(link(page, "Two")).toBeVisible();
  await addLine(page).fill("Six");
  await addLine(page).press("Enter");
  await expect(page.getByRole("checkbox", { name: "Complete Six" })).toBeVisible();
  await addLine(page).fill("typed meanwhile");
  release();
  await expect(link(page, "Six")).toBeVisible();
  await expect(addLine(page)).toHaveValue("typed meanwhile");
  await settled(page);
  await visit("/todos?status=all");
  for (const title of ["Three", "Four", "Five"]) await expect(box(page, title)).toBeChecked();
  for (const title of ["One", "Six"]) await expect(box(page, title)).not.toBeChecked();
  await expect(box(page, "Two")).toBeChecked();
});

test.describe("when nothing answers", () => {
  test.use({ expectedComplaints: [/net::ERR_FAILED/] });

  test("takes a click back and says why when no answer comes; nothing typed is lost", async ({
    page,
    visit,
  }) => {
    await visit("/today");
    await add(page, "Feed the cat");
    await page.route("**/*", (route) =>
      route.request().method() === "POST" ? route.abort() : route.continue(),
    );
    await box(page, "Feed the cat").click();
    await expect(page.getByText("Could not complete “Feed the cat”. Cairn does not answer.")).toBeVisible();
    await expect(box(page, "Feed the cat")).not.toBeChecked();
    await addLine(page).fill("Feed the dog");
    await addLine(page).press("Enter");
    await expect(page.getByRole("alert").filter({ hasText: "Cairn does not answer." })).toBeVisible();
    await expect(addLine(page)).toHaveValue("Feed the dog");
    await page.unroute("**/*");
    await addLine(page).press("Enter");
    await expect(link(page, "Feed the dog")).toBeVisible();
  });
});

test("keeps a refused todo beside the line while the next one is being typed", async ({ page, visit }) => {
  await visit("/today");
  const release = await holdActions(page);
  await page.getByText("Details", { exact: true }).click();
  await page.getByLabel("Due date", { exact: true }).fill("2001-01-01");
  await addLine(page).fill("Too late");
  await addLine(page).press("Enter");
  await addLine(page).fill("The next one");
  release();
  const held = page
    .getByRole("alert")
    .filter({ hasText: "“Too late” is not added yet. Choose today or a later day." });
  await expect(held).toBeVisible();
  await expect(addLine(page)).toHaveValue("The next one");
  await held.getByRole("button", { name: "Edit" }).click();
  await expect(addLine(page)).toHaveValue("Too late");
  await page.getByLabel("Due date", { exact: true }).fill("");
  await addLine(page).press("Enter");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(link(page, "The next one")).toBeVisible();
  await visit("/todos");
  await expect(link(page, "Too late")).toBeVisible();
});

test("keeps a todo that was typed and not added when its page is left", async ({ page, visit }) => {
  await visit("/today");
  await addLine(page).fill("Half a thought");
  const main = page.getByRole("navigation", { name: "Main" });
  await main.getByRole("link", { name: "All", exact: true }).click();
  await expect(page.getByText("“Half a thought” is not added yet.")).toBeVisible();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await expect(addLine(page)).toHaveValue("Half a thought");
  await addLine(page).press("Enter");
  await expect(link(page, "Half a thought")).toBeVisible();
});

test("brings back what was typed into a todo and not saved", async ({ page, visit }) => {
  await visit("/today");
  await add(page, "Write the speech");
  await openTodo(page, "Write the speech");
  await field(page, "Description").fill("Dear all,");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Upcoming" }).click();
  await expect(page.getByRole("heading", { name: "Upcoming", level: 1 })).toBeVisible();
  await page.goBack();
  await expect(field(page, "Description")).toHaveValue("Dear all,");
  await field(page, "Description").press("ControlOrMeta+Enter");
  await expect(editor(page).getByRole("status")).toHaveText("Saved");
});

test("shows the truth on an older page that Back leads to", async ({ page, visit }) => {
  await visit("/today");
  await add(page, "Post the letter");
  await visit("/today");
  await openTodo(page, "Post the letter");
  await page.getByRole("main").getByRole("button", { name: "Complete", exact: true }).click();
  await expect(page.getByText("Completed", { exact: true })).toBeVisible();
  await page.goBack();
  await expect(box(page, "Post the letter")).toBeChecked();
});

test.describe("a todo that is opened from a list", () => {
  test("stands beside it, at an address of its own, by one request; closed, all is as it was", async ({
    page,
    visit,
    requests,
  }) => {
    await visit("/todos?tag=trip");
    for (let number = 1; number <= 30; number += 1) await add(page, `Stop ${number}`);
    await page.reload();
    await hydrated(page);
    await page.evaluate(() => window.scrollTo(0, 200));
    const panel = page.getByRole("region", { name: "Stop 20" });
    const asked = await requests.during(async () => {
      await openTodo(page, "Stop 20");
      await expect(panel).toBeFocused();
    });
    expect(asked).toBe(1);
    await expect(page).toHaveTitle("Stop 20 · Cairn");
    await expect(link(page, "Stop 21")).toBeVisible();
    const main = page.getByRole("navigation", { name: "Main" });
    await expect(main.getByRole("link", { name: "trip" })).toHaveAttribute("aria-current", "page");
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

    // Another one takes its place, and one step back still closes it.
    await openTodo(page, "Stop 21");
    await field(page, "Title").fill("Stop 21, by boat");
    await save(page);
    await expect(link(page, "Stop 21, by boat")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page).toHaveURL("/todos?tag=trip");
    await expect(link(page, "Stop 21, by boat")).toBeFocused();
    expect(await page.evaluate(() => window.scrollY)).toBe(200);

    await page.goForward();
    await expect(field(page, "Title")).toHaveValue("Stop 21, by boat");
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Stop 21, by boat");
  });

  test("covers it on a narrow screen, and gives it back", async ({ page, visit }) => {
    await page.setViewportSize({ width: 390, height: 700 });
    await visit("/today");
    await add(page, "Look here");
    await openTodo(page, "Look here");
    await expect(addLine(page)).toBeHidden();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await expect(page).toHaveURL("/today");
    await expect(link(page, "Look here")).toBeFocused();
  });

  test("makes way for any other page", async ({ page, visit }) => {
    await visit("/today");
    await add(page, "Open me");
    await openTodo(page, "Open me");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Trash" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Trash" })).toBeVisible();
    await expect(page.getByRole("form", { name: "Edit todo" })).toHaveCount(0);
  });
});

test("moves the focus to the next row when one is deleted", async ({ page, visit }) => {
  await visit("/today");
  for (const title of ["First", "Second", "Third"]) await add(page, title);
  // The newest stands first.
  await page.getByRole("button", { name: "Delete Second", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Delete First", exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Delete Third", exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(addLine(page)).toBeFocused();
});

/** Holds back what the page asks the server to do until it is let go. */
async function holdActions(page: Page): Promise<() => unknown> {
  const release = new EventTarget();
  const released = new Promise((resolve) => release.addEventListener("release", resolve));
  await page.route("**/*", async (route) => {
    if (route.request().method() === "POST") await released;
    await route.continue();
  });
  return () => release.dispatchEvent(new Event("release"));
}

/** Waits until the server has answered everything: until then the browser would ask before leaving. */
async function settled(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }))))
    .toBe(false);
}

/** Saves another title in a second tab, and opens the saved todo there once more. */
async function otherEdit(
  context: BrowserContext,
  visit: (path: string, inPage: Page) => Promise<void>,
  address: string,
  title: string,
): Promise<Page> {
  const other = await context.newPage();
  await visit(address, other);
  await field(other, "Title").fill(title);
  await save(other);
  await expect(other.getByRole("heading", { level: 1 })).toHaveText(title);
  await visit(address, other);
  await expect(field(other, "Title")).toHaveValue(title);
  return other;
}
