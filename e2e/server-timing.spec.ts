import type { Response } from "@playwright/test";
import { createTodo } from "@/lib/todos/repository";
import { expect, hydrated, test } from "./fixtures";

const oneRequest = /^db;desc="1 request";dur=\d+\.\d$/;

test("the browser is told of the one database request of a page, a soft navigation and a click", async ({
  page,
  person,
  requests,
}) => {
  const made = await createTodo(person.scope(), { title: "Read the plan" });
  expect(made.ok).toBe(true);
  const answer = async (work: () => Promise<Response | null>) => {
    let timing: string | null | undefined;
    const counted = await requests.during(async () => {
      timing = await (await work())?.headerValue("server-timing");
    });
    return { counted, timing };
  };
  const asExpected = { counted: 1, timing: expect.stringMatching(oneRequest) };

  expect(await answer(() => page.goto("/todos"))).toEqual(asExpected);
  await hydrated(page);
  const navigation = await answer(async () => {
    // Links are fetched ahead of the click, without their data.
    const answered = page.waitForResponse(
      (response) =>
        new URL(response.url()).pathname === "/dashboard" &&
        response.request().headers()["next-router-prefetch"] === undefined,
    );
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Dashboard" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
    return answered;
  });
  expect(navigation).toEqual(asExpected);

  await page.goto("/todos");
  await hydrated(page);
  const click = await answer(async () => {
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("checkbox", { name: "Complete Read the plan" }).click();
    return answered;
  });
  expect(click).toEqual(asExpected);
});

test("pages that were asked for at once are each told of their own", async ({ page, person }) => {
  expect(person.token).not.toBe("");
  const paths = ["/today", "/todos", "/dashboard", "/tags", "/activity", "/sign-in"];
  const told = await Promise.all(
    [...paths, ...paths].map(async (path) => (await page.request.get(path)).headers()["server-timing"]),
  );
  for (const timing of told) expect(timing).toMatch(oneRequest);
});
