import { createHash } from "node:crypto";
import { expect, test, type APIRequestContext, type Page } from "@playwright/test";

const PASSWORD = "a password of this test";
let people = 0;

/** An e-mail address that nobody has yet. */
function newEmail(): string {
  people += 1;
  return `auth-${Date.now()}-${process.pid}-${people}@cairn.example`;
}

async function signUp(page: Page, email = newEmail()): Promise<string> {
  await page.goto("/sign-up");
  await page.getByRole("textbox", { name: "Name" }).fill("Grace Hopper");
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL("/today");
  return email;
}

async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /Account/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/");
}

/** Whether requests to the database that contain a text get lost. */
async function setDatabaseFault(containing: string, lost: boolean): Promise<void> {
  const control = process.env.CAIRN_PROXY_CONTROL;
  if (control === undefined) throw new Error("CAIRN_PROXY_CONTROL is not set: run the tests with pnpm e2e.");
  const query = new URLSearchParams({ containing }).toString();
  const answer = lost
    ? await fetch(`${control}/faults`, {
        method: "PUT",
        body: JSON.stringify({ containing, fault: { kind: "lose-request" } }),
      })
    : await fetch(`${control}/faults?${query}`, { method: "DELETE" });
  expect(answer.status).toBe(204);
}

/** The form of a page as a client without script sends it. */
async function formOf(request: APIRequestContext, path: string): Promise<Record<string, string>> {
  const html = await (await request.get(path)).text();
  const form: Record<string, string> = {};
  for (const [, name = "", value = ""] of html.matchAll(
    /<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g,
  )) {
    form[name] = value.replaceAll("&quot;", '"');
  }
  return form;
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("signs up, out and in again; after signing out the old cookie is dead", async ({
      page,
      context,
    }) => {
      const email = await signUp(page);
      await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible();
      const cookies = (await context.cookies()).filter((cookie) => cookie.name.endsWith("cairn.session"));
      expect(cookies).toMatchObject([{ httpOnly: true, sameSite: "Lax", path: "/" }]);

      await signOut(page);
      await page.goto("/today");
      await expect(page).toHaveURL("/sign-in?next=%2Ftoday");
      await context.addCookies(cookies);
      await page.goto("/today");
      await expect(page).toHaveURL(/\/sign-in\?/);
      await expect(page.getByText("Your session has ended. Sign in again to go on.")).toBeVisible();

      await signIn(page, `  ${email.toUpperCase()} `);
      await expect(page).toHaveURL("/today");
    });

    test("puts every refusal beside its field, keeps what was typed but the password, and focuses the first", async ({
      page,
    }) => {
      await page.goto("/sign-up");
      await page.getByRole("textbox", { name: "Name" }).fill("Grace 🪨");
      await page.getByRole("textbox", { name: "Email" }).fill("grace@");
      await page.getByRole("textbox", { name: "Password" }).fill("short");
      await page.getByRole("button", { name: "Create account" }).click();

      const email = page.getByRole("textbox", { name: "Email" });
      await expect(email).toHaveAccessibleDescription("Enter an e-mail address such as ada@example.com.");
      await expect(email).toBeFocused();
      await expect(email).toHaveValue("grace@");
      await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Grace 🪨");
      const password = page.getByRole("textbox", { name: "Password" });
      await expect(password).toHaveAccessibleDescription(/^Use at least 8 characters\./);
      await expect(password).toHaveValue("");
    });

    test("says beside the field that an address is taken", async ({ page, browser }) => {
      const other = await browser.newPage();
      const email = await signUp(other);
      await other.close();
      await page.goto("/sign-up");
      await page.getByRole("textbox", { name: "Name" }).fill("Somebody else");
      await page.getByRole("textbox", { name: "Email" }).fill(email);
      await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
      await page.getByRole("button", { name: "Create account" }).click();
      const field = page.getByRole("textbox", { name: "Email" });
      await expect(field).toHaveAccessibleDescription(
        "There is already an account with this e-mail address. Sign in instead.",
      );
      await expect(field).toHaveValue(email);
      await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Somebody else");
    });

    test("says the same for a wrong password and for an unknown address", async ({ page, browser }) => {
      const other = await browser.newPage();
      const email = await signUp(other);
      await other.close();
      await page.goto("/sign-in");
      for (const address of [email, newEmail()]) {
        await signIn(page, address, "not the password");
        const password = page.getByRole("textbox", { name: "Password" });
        await expect(password).toHaveAccessibleDescription("The e-mail address or the password is wrong.");
        await expect(password).toBeFocused();
        await expect(page.getByRole("textbox", { name: "Email" })).toHaveValue(address);
      }
    });

    test("leads on to where somebody wanted to go, and never to another site", async ({ page }) => {
      const email = await signUp(page);
      await signOut(page);
      await page.goto("/today?from=a+mail");
      await expect(page).toHaveURL("/sign-in?next=%2Ftoday%3Ffrom%3Da%2Bmail");
      await page.getByRole("link", { name: "Create an account" }).click();
      await expect(page.getByRole("heading", { name: "Create an account" })).toBeVisible();
      await page.getByRole("link", { name: "Sign in" }).click();
      await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
      await signIn(page, email);
      await expect(page).toHaveURL("/today?from=a+mail");

      await signOut(page);
      for (const evil of ["https://evil.example", "//evil.example", "/\\evil.example", "/%2fevil.example"]) {
        await page.goto(`/sign-in?next=${encodeURIComponent(evil)}`);
        await signIn(page, email);
        await expect(page).toHaveURL("/today");
        await signOut(page);
      }
    });

    test("says that the database is not there, and loses neither the cookie nor what was typed", async ({
      page,
      context,
    }) => {
      const email = newEmail();
      await page.goto("/sign-in");
      await setDatabaseFault(email, true);
      await signIn(page, email);
      await expect(page.getByText("Cairn cannot reach its database right now.")).toBeVisible();
      await expect(page.getByRole("textbox", { name: "Email" })).toHaveValue(email);
      await setDatabaseFault(email, false);

      await signUp(page, email);
      const cookies = await context.cookies();
      const session = createHash("sha256")
        .update(cookies.find(({ name }) => name.endsWith("cairn.session"))?.value ?? "")
        .digest("hex");
      await page.goto("/today");
      await setDatabaseFault(session, true);
      await page.getByRole("button", { name: /Account/ }).click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await expect(page.getByText(/cannot reach (its|the) database/)).toBeVisible();
      await page.goto("/sign-in");
      await expect(page.getByText("Cairn cannot reach its database right now.")).toBeVisible();
      expect(await context.cookies()).toEqual(cookies);

      await setDatabaseFault(session, false);
      await page.goto("/sign-in");
      await expect(page).toHaveURL("/today");
    });

    test("turns a form away that is too large to read, and keeps it a step back", async ({ page }) => {
      await page.goto("/sign-up");
      await page.getByRole("textbox", { name: "Email" }).fill("large@cairn.example");
      const enlarge = (bytes: number) =>
        page.locator('input[name="next"]').evaluate((input, length) => {
          input.setAttribute("value", "x".repeat(length));
        }, bytes);
      await enlarge(2_000_000);
      await page.getByRole("button", { name: "Create account" }).click();
      await expect(page.getByText("This is too large to save. The limit is 1 MB in all.")).toBeVisible();
      await expect(page.getByRole("textbox", { name: "Email" })).toHaveValue("large@cairn.example");

      await page.goto("/sign-up");
      await page.getByRole("textbox", { name: "Email" }).fill("larger@cairn.example");
      await enlarge(4_000_000);
      await page.getByRole("button", { name: "Create account" }).click();
      if (javaScriptEnabled) {
        await expect(page.getByText(/^Cairn does not answer\./)).toBeVisible();
      } else {
        await expect(page.getByRole("heading", { name: "Too large" })).toBeVisible();
        await page.goBack();
      }
      await expect(page.getByRole("textbox", { name: "Email" })).toHaveValue("larger@cairn.example");
    });
  });
}

test.describe("guessing", () => {
  // From an address of its own, so that it uses up nobody else's attempts.
  test.use({ extraHTTPHeaders: { "x-forwarded-for": "203.0.113.99" } });

  test("stops guessing after ten attempts and says how long to wait", async ({ page }) => {
    const email = newEmail();
    await page.goto("/sign-in");
    for (let turn = 0; turn < 10; turn += 1) {
      await signIn(page, email, `guess ${turn}`);
      await expect(page.getByRole("textbox", { name: "Password" })).toHaveValue("");
      await expect(page.getByText("The e-mail address or the password is wrong.")).toBeVisible();
    }
    await signIn(page, email, "guess 10");
    await expect(page.getByText("Too many attempts. Try again in 15 minutes.")).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Email" })).toHaveValue(email);
  });
});

test("keeps everything in the form when the connection is lost", async ({ page, context }) => {
  await page.goto("/sign-up");
  await page.getByRole("textbox", { name: "Name" }).fill("Grace Hopper");
  await page.getByRole("textbox", { name: "Email" }).fill("offline@cairn.example");
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await context.setOffline(true);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert").getByText(/^Cairn does not answer\./)).toBeFocused();
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Grace Hopper");
  await expect(page.getByRole("textbox", { name: "Email" })).toHaveValue("offline@cairn.example");
  await expect(page.getByRole("textbox", { name: "Password" })).toHaveValue(PASSWORD);
  await context.setOffline(false);
});

test("leads people who are signed in on", async ({ page }) => {
  await signUp(page);
  for (const path of ["/sign-in", "/sign-up", "/sign-in?ended=1"]) {
    await page.goto(path);
    await expect(page).toHaveURL("/today");
  }
});

test("shows the form to a browser with a dead cookie", async ({ page, context, baseURL }) => {
  await context.addCookies([{ name: "cairn.session", value: "dead", url: baseURL ?? "" }]);
  await page.goto("/sign-in");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

test("signs in at the second try when a cookie was mangled", async ({ page, context, baseURL }) => {
  const email = await signUp(page);
  await context.clearCookies();
  await context.addCookies([{ name: "cairn.return", value: "javascript:alert(1)", url: baseURL ?? "" }]);
  await page.goto("/sign-in");
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(
    page.getByRole("alert").getByText("Signing in did not work this time. Try again."),
  ).toBeVisible();
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/today");
});

test("keeps the browser's own time zone from the first day on", async ({ browser }) => {
  const context = await browser.newContext({ timezoneId: "Pacific/Auckland" });
  const page = await context.newPage();
  await page.goto("/sign-up");
  await expect(page.locator('input[name="timeZone"]')).toHaveValue("Pacific/Auckland");
  await context.close();
});

test.describe("a forged request", () => {
  const forgeries: Record<string, Record<string, string>> = {
    "without an Origin": {},
    "from another site": { origin: "https://evil.example" },
    "from another site with a matching forwarded host": {
      origin: "https://evil.example",
      "x-forwarded-host": "evil.example",
    },
    "from a sandboxed frame": { origin: "null" },
  };
  for (const [name, headers] of Object.entries(forgeries)) {
    test(`${name} signs nobody up`, async ({ request, baseURL }) => {
      const form = { ...(await formOf(request, "/sign-up")), name: "Mallory", email: newEmail() };
      const send = (more: Record<string, string>) =>
        request.post("/sign-up", {
          multipart: { ...form, password: PASSWORD },
          headers: more,
          maxRedirects: 0,
        });
      const forged = await send(headers);
      expect(forged.headers()["set-cookie"] ?? "").not.toContain("cairn.session");

      // The very same form from our own page goes through: it was the origin that was refused.
      const own = await send({ origin: new URL(baseURL ?? "").origin });
      expect(own.status()).toBe(303);
      expect(own.headers()["set-cookie"]).toContain("cairn.session");
    });
  }
});

test("says whether it is well, and no more", async ({ request }) => {
  const answer = await request.get("/api/health");
  expect([answer.status(), await answer.json()]).toEqual([200, { ok: true }]);
});
