import { join } from "node:path";
import { DEMO_EMAIL, DEMO_PASSWORD, seedDemo } from "../scripts/seed/demo";
import { expect, given, hydrated, test } from "./fixtures";

/**
 * The pictures of the README, of the demo person. `pnpm screenshots` keeps them in docs/screenshots; any other run makes
 * them too, to see that it can, and leaves the project's own alone.
 */
const pictures = [
  { name: "today-light", path: "/today", colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { name: "today-dark", path: "/today", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { name: "today-phone", path: "/today", colorScheme: "light", viewport: { width: 390, height: 844 } },
  {
    name: "dashboard-light",
    path: "/dashboard",
    colorScheme: "light",
    viewport: { width: 1280, height: 800 },
  },
] as const;

test("takes the README's pictures", async ({ browser, baseURL }, testInfo) => {
  test.setTimeout(90_000);
  await seedDemo({ url: given("DATABASE_URL_UNPOOLED") });
  const folder = process.env.SCREENSHOTS_DIR ?? testInfo.outputDir;
  const context = await browser.newContext({
    ...(baseURL === undefined ? {} : { baseURL }),
    deviceScaleFactor: 2,
  });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByRole("textbox", { name: "Email" }).fill(DEMO_EMAIL);
  await page.getByRole("textbox", { name: "Password" }).fill(DEMO_PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/today");
  for (const { name, path, colorScheme, viewport } of pictures) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize(viewport);
    await page.goto(path);
    await hydrated(page);
    const picture = await page.screenshot({ path: join(folder, `${name}.png`) });
    expect(picture.byteLength).toBeGreaterThan(10_000);
  }
  await context.close();
});
