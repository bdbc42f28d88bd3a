import { expect, it } from "vitest";
import { examples } from "@/app/_query/examples";
import { parseQuery } from "@/lib/query/parse";

it.each(examples.flatMap(({ queries }) => queries))("the help's example %s is a query", (query) => {
  expect(parseQuery(query)).toMatchObject({ ok: true });
});
