import { expect, it } from "vitest";
import { parseActivityQuery } from "@/lib/audit/input";

const cursor = "018f3a5e-7c1a-7abc-8def-0123456789ab";

it("reads a cursor", () => {
  expect(parseActivityQuery({ cursor })).toEqual({ cursor, problems: [] });
  expect(parseActivityQuery({})).toEqual({ problems: [] });
});

it.each([[""], ["1"], [[cursor, cursor]], [`${cursor}'`], ["\u0000"]])(
  "says that %j is no place in the list, and begins at the first page",
  (tampered) => {
    expect(parseActivityQuery({ cursor: tampered })).toEqual({
      problems: [expect.stringMatching(/first page/)],
    });
  },
);
