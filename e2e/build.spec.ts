import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, given, signedInPages, test } from "./fixtures";

const folder = join(given("CAIRN_BUILD_FOLDER"), "static");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
  /\.\w+$/.test(file),
);

test("what browsers are given holds nothing of the server: no SQL, no driver, no secret, no source map", () => {
  expect(files.filter((file) => file.endsWith(".js")).length).toBeGreaterThan(5);
  expect(files.filter((file) => file.endsWith(".map"))).toEqual([]);
  const words = [
    "drizzle",
    "NeonDbError",
    "app.enter",
    "app_user",
    "todo_tags",
    "token_hash",
    "argon2",
    // Its rules are checked on the server; in the browser it would weigh more than the pages.
    "ZodError",
    "AUTH_SECRET",
    "DATABASE_URL",
    given("AUTH_SECRET"),
    new URL(given("DATABASE_URL")).password,
  ];
  const found = files.flatMap((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    return words.filter((word) => text.includes(word)).map((word) => `${file}: ${word}`);
  });
  expect(found).toEqual([]);
});

test("no page holds its person's token, nor the hash of it", async ({ context, person }) => {
  for (const [path] of signedInPages) {
    const html = await (await context.request.get(path)).text();
    expect(html).toContain("Ada Lovelace");
    expect([html.includes(person.token), html.includes(person.tokenHash)]).toEqual([false, false]);
  }
});
