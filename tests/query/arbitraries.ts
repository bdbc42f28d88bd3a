import fc from "fast-check";
import { COMPARISONS, DAY_FIELDS, STATES, type Day, type QueryNode } from "@/lib/query/types";
import { TODO_STATUSES } from "@/lib/todos/types";

/** Words as people write them, and whatever letters there are. */
export const words = fc.oneof(
  fc.constantFrom(
    "milk",
    "e-mail",
    "don't",
    "10:30",
    "http://a.b/c",
    "re:",
    "title:",
    '27"',
    "🪨",
    "&",
    "*",
    "日本語",
  ),
  fc
    .string({ unit: "grapheme-composite", minLength: 1, maxLength: 8 })
    .map((text) => text.normalize("NFC"))
    .filter((text) => /^[\p{L}\p{N}][^\s()（）:：*]*$/u.test(text) && !/^or$/i.test(text)),
);

const quotedTexts = fc
  .array(
    fc.oneof(fc.constantFrom('"', "“", "”", "(", ")", "or", "-", "tag:"), fc.string({ unit: "grapheme" })),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((parts) => parts.join(" ").replaceAll(/\p{C}/gu, "").trim().replaceAll(/\s+/g, " ").normalize("NFC"))
  .filter((text) => text !== "");

const tagNames = fc.oneof(
  fc.constantFrom("home", "none", "Any", "two words", '6" pipes', "(a)", "-", "c++", "a:b", "mil*"),
  quotedTexts.map((text) => text.replaceAll(",", "").trim()).filter((text) => text !== ""),
);

const days: fc.Arbitrary<Day> = fc.oneof(
  fc
    .date({ min: new Date("1970-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  fc.record({ relative: fc.constantFrom("today", "tomorrow", "yesterday") }),
  fc.record({ relative: fc.constant("days"), days: fc.integer({ min: -36_500, max: 36_500 }) }),
);

const leaves: fc.Arbitrary<QueryNode> = fc.oneof(
  fc.record({ kind: fc.constant("word"), text: words, prefix: fc.boolean() }),
  fc.record({ kind: fc.constant("phrase"), text: quotedTexts }),
  fc.record({ kind: fc.constant("tag"), name: tagNames }),
  fc.record({ kind: fc.constant("tags"), presence: fc.constantFrom("none", "any") }),
  fc.record({ kind: fc.constant("status"), status: fc.constantFrom(...TODO_STATUSES) }),
  fc.record({
    kind: fc.constant("priority"),
    comparison: fc.constantFrom(...COMPARISONS),
    value: fc.integer({ min: 0, max: 5 }),
  }),
  fc.record({
    kind: fc.constant("day"),
    field: fc.constantFrom(...DAY_FIELDS),
    comparison: fc.constantFrom(...COMPARISONS),
    day: days,
  }),
  fc.record({
    kind: fc.constant("dayPresence"),
    field: fc.constantFrom("due", "scheduled"),
    presence: fc.constantFrom("none", "any"),
  }),
  fc.record({ kind: fc.constant("is"), state: fc.constantFrom(...STATES) }),
  fc.record({ kind: fc.constant("has"), part: fc.constant("description") }),
);

/** Every tree that a query can be, up to a depth. */
export const trees = treesOf(3);

function treesOf(depth: number): fc.Arbitrary<QueryNode> {
  if (depth === 0) return leaves;
  const members = treesOf(depth - 1);
  // An "in" stands beside a word.
  const placed = fc
    .tuple(
      fc.constantFrom("title", "description"),
      words,
      fc.array(
        members.filter((node) => node.kind !== "and" || hasPlace(node)),
        { maxLength: 2 },
      ),
      fc.boolean(),
    )
    .map(([part, text, others, isLast]): QueryNode => {
      const place: QueryNode = { kind: "in", part };
      const nodes: QueryNode[] = [{ kind: "word", text, prefix: false }, ...others];
      return { kind: "and", nodes: isLast ? [...nodes, place] : [place, ...nodes] };
    });
  return fc.oneof(
    { weight: 2, arbitrary: leaves },
    { weight: 2, arbitrary: several("and", members) },
    { weight: 2, arbitrary: several("or", members) },
    { weight: 1, arbitrary: placed },
    {
      weight: 1,
      arbitrary: members
        .filter((node) => node.kind !== "not")
        .map((node): QueryNode => ({ kind: "not", node })),
    },
  );
}

function several(kind: "and" | "or", nodes: fc.Arbitrary<QueryNode>): fc.Arbitrary<QueryNode> {
  const members = nodes.filter((node) => node.kind !== kind || hasPlace(node));
  return fc.record({ kind: fc.constant(kind), nodes: fc.array(members, { minLength: 2, maxLength: 4 }) });
}

function hasPlace(node: QueryNode): boolean {
  return node.kind === "and" && node.nodes.some(({ kind }) => kind === "in");
}

const pieces = [
  ...Array.from('()"“”「」（）-－*:：,.<>=≤≥ \t\n\u3000\u0000\u0007\u0301\u200f'),
  ...'or|OR|and| or |""|..|--|( | )|-(|+7d|-3w|today|2026-12-01|none|any'.split("|"),
  ..."tag:|status:|priority:|due:|created:|is:|has:|in:|in:title|stauts:|label:|http://".split("|"),
  ..."milk the e-mail cafe\u0301 🪨 '; $1 \\ % _ <-> :* | ! & \ud83d \ude00 3..4 >=2 overdue pending".split(
    " ",
  ),
  "drop table todos; --",
];

const valid = [
  'buy milk or "fresh bread" -tag:home',
  "(a or b) (c or -d) in:title",
  'tag:"two words" priority:>=4 due:<=+7d',
  "due:2026-12-01..2026-12-24 is:open has:description",
  "-(status:in-progress or created:>=yesterday) mil*",
];

/** What anybody might send: the language's own signs in any order, queries with letters lost and added, and any text. */
export const typedTexts = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join("")),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...valid),
        fc.nat({ max: 60 }),
        fc.nat({ max: 6 }),
        fc.constantFrom(...pieces, ""),
      )
      .map(([text, at, cut, piece]) => text.slice(0, at) + piece + text.slice(at + cut)),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 30 }) },
);
