import { brotliCompressSync } from "node:zlib";
import type { APIRequestContext } from "@playwright/test";
import { createTodo } from "@/lib/todos/repository";
import { expect, signedInPages, test } from "./fixtures";

/**
 * What a bare page of this Next and React loads (next 16.4.6, react 19.3.1: one layout, one page, no client component),
 * in bytes after brotli. Measured by a production build; measure it again when either of them changes.
 */
const FLOOR_BYTES = 115_900;

const sizes = new Map<string, number>();

/** The script that a page's HTML asks for, in bytes after brotli. */
async function firstLoadBytes(request: APIRequestContext, path: string): Promise<number> {
  const html = await (await request.get(path)).text();
  const files = new Set<string>();
  for (const [tag, file = ""] of html.matchAll(/<script\b[^>]*\bsrc="([^"]+)"[^>]*>/g)) {
    if (!/\bnomodule\b/i.test(tag)) files.add(file);
  }
  expect(files.size, path).toBeGreaterThan(2);
  let bytes = 0;
  for (const file of files) {
    const known = sizes.get(file) ?? brotliCompressSync(await (await request.get(file)).body()).byteLength;
    sizes.set(file, known);
    bytes += known;
  }
  return bytes;
}

test("the pages for visitors load at most 8 % more script than a bare page", async ({ request }) => {
  test.setTimeout(90_000);
  for (const path of ["/", "/sign-in", "/sign-up"]) {
    expect((await firstLoadBytes(request, path)) / FLOOR_BYTES, path).toBeLessThanOrEqual(1.08);
  }
});

test("every page inside loads at most 30 % more script than a bare page", async ({ context, person }) => {
  test.setTimeout(90_000);
  const todo = await createTodo(person.scope(), { title: "Read the plan" });
  if (!todo.ok) throw new Error(todo.code);
  for (const path of [...signedInPages.map(([route]) => route), `/todos/${todo.data.id}`]) {
    expect((await firstLoadBytes(context.request, path)) / FLOOR_BYTES, path).toBeLessThanOrEqual(1.3);
  }
});
