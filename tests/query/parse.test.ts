import { describe, expect, it } from "vitest";
import { parseQuery } from "@/lib/query/parse";
import { printQuery } from "@/lib/query/print";
import type { Comparison, Day, DayField, Query, QueryNode } from "@/lib/query/types";

const word = (text: string, prefix = false): QueryNode => ({ kind: "word", text, prefix });
const phrase = (text: string): QueryNode => ({ kind: "phrase", text });
const not = (node: QueryNode): QueryNode => ({ kind: "not", node });
const and = (...nodes: QueryNode[]): QueryNode => ({ kind: "and", nodes });
const or = (...nodes: QueryNode[]): QueryNode => ({ kind: "or", nodes });
const tag = (name: string): QueryNode => ({ kind: "tag", name });
const priority = (comparison: Comparison, value: number): QueryNode => ({
  kind: "priority",
  comparison,
  value,
});
const day = (field: DayField, comparison: Comparison, value: Day): QueryNode => ({
  kind: "day",
  field,
  comparison,
  day: value,
});
const days = (count: number): Day => ({ relative: "days", days: count });
const title: QueryNode = { kind: "in", part: "title" };
const description: QueryNode = { kind: "in", part: "description" };

function query(text: string, typing = false): Query {
  const parsed = parseQuery(text, { typing });
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem.message}`);
  return parsed.query;
}

/** What is wrong, and the stretch of the text that is marked. */
function problem(text: string): [message: string, marked: string] {
  const parsed = parseQuery(text);
  if (parsed.ok) throw new Error(`${text} is a query`);
  const { message, from, to } = parsed.problem;
  return [message, text.slice(from, to)];
}

describe("words and phrases", () => {
  it.each<[string, Query]>([
    ["", null],
    [" \t\n\u3000", null],
    ["milk", word("milk")],
    ["buy milk", and(word("buy"), word("milk"))],
    ['"buy milk"', phrase("buy milk")],
    ['  "  buy \u00a0 milk "  ', phrase("buy milk")],
    ['"buy" "milk"', and(phrase("buy"), phrase("milk"))],
    ['"buy"milk', and(phrase("buy"), word("milk"))],
    ['"say ""hi"" to Ada"', phrase('say "hi" to Ada')],
    ["mil*", word("mil", true)],
    ["mil* bread", and(word("mil", true), word("bread"))],
    ["or*", word("or", true)],
    ['"or"', phrase("or")],
  ])("reads %j", (text, expected) => {
    expect(query(text)).toEqual(expected);
  });

  it.each([
    "“buy milk”",
    "„buy milk“",
    "«buy milk»",
    "« buy milk »",
    "＂buy milk＂",
    "「buy milk」",
    '“buy milk"',
  ])("takes the quotes of %s", (text) => {
    expect(query(text)).toEqual(phrase("buy milk"));
  });

  it.each([
    "e-mail",
    "don't",
    "don’t",
    "10:30",
    "http://example.org/a?b=c",
    "https://example.org",
    "mailto:ada@example.org",
    "re:invent",
    "C:\\temp",
    "localhost:3000",
    "std::vector",
    '27"',
    'צה"ל',
    "🪨",
    "👩‍🚀:🚀",
    "日本語",
    "مرحبا",
    "&",
    "—",
    "…!?",
    "*",
    "#5",
    "50%",
    "a,b",
    "title:",
    "Stauts:",
    "in-title:x",
    "oregano",
    "x".repeat(500),
  ])("takes %j as one word", (text) => {
    expect(query(text)).toEqual(word(text));
    expect(printQuery(query(text))).toBe(text);
  });

  it("takes what people write in titles as words", () => {
    expect(query("Re: hello")).toEqual(and(word("Re:"), word("hello")));
    expect(query("Call Anna - the keys")).toEqual(and(word("Call"), word("Anna"), word("the"), word("keys")));
    expect(query("Pay rent (flat)")).toEqual(and(word("Pay"), word("rent"), word("flat")));
  });

  it("makes one text of the ways to write the same letters", () => {
    expect(query("cafe\u0301")).toEqual(word("caf\u00e9"));
    expect(query('"cafe\u0301"')).toEqual(phrase("caf\u00e9"));
    expect(query("tag:cafe\u0301")).toEqual(tag("caf\u00e9"));
  });

  it("takes the last word as the beginning of one while somebody is typing", () => {
    expect(query("buy mil", true)).toEqual(and(word("buy"), word("mil", true)));
    expect(query("buy or mil", true)).toEqual(or(word("buy"), word("mil", true)));
    expect(query("buy mil ", true)).toEqual(and(word("buy"), word("mil")));
    expect(query("(buy mil)", true)).toEqual(and(word("buy"), word("mil")));
    expect(query('"buy mil"', true)).toEqual(phrase("buy mil"));
    expect(query("tag:mil", true)).toEqual(tag("mil"));
    expect(query("buy -mil", true)).toEqual(and(word("buy"), not(word("mil"))));
    expect(query("title:", true)).toEqual(word("title:", true));
  });
});

describe("and, or, not and groups", () => {
  it.each<[string, Query]>([
    ["-milk", not(word("milk"))],
    ['-"buy milk"', not(phrase("buy milk"))],
    ["-tag:home", not(tag("home"))],
    ["-(a b)", not(and(word("a"), word("b")))],
    ["--milk", word("milk")],
    ["---milk", not(word("milk"))],
    ["-(-milk)", word("milk")],
    ["－milk", not(word("milk"))],
    ["a or b", or(word("a"), word("b"))],
    ["a OR b Or c", or(word("a"), word("b"), word("c"))],
    ["a b or c d", or(and(word("a"), word("b")), and(word("c"), word("d")))],
    ["a (b or c) d", and(word("a"), or(word("b"), word("c")), word("d"))],
    ["a（b or c）", and(word("a"), or(word("b"), word("c")))],
    ["((a))", word("a")],
    ["(a b) (c d)", and(word("a"), word("b"), word("c"), word("d"))],
    ["(a or b) or c", or(word("a"), word("b"), word("c"))],
    ["(a or b)-c", and(or(word("a"), word("b")), not(word("c")))],
    ["a -or* b", and(word("a"), not(word("or", true)), word("b"))],
    ["((((((((((a))))))))))", word("a")],
  ])("reads %j", (text, expected) => {
    expect(query(text)).toEqual(expected);
  });
});

describe("tag:", () => {
  it.each<[string, Query]>([
    ["tag:home", tag("home")],
    ["TAG:Home", tag("Home")],
    ["tag：home", tag("home")],
    ['tag:"two  words"', tag("two words")],
    ["tag:“two words”", tag("two words")],
    ["tag:none", { kind: "tags", presence: "none" }],
    ["tag:ANY", { kind: "tags", presence: "any" }],
    ['tag:"none"', tag("none")],
    ['tag:6"', tag('6"')],
    ['tag:"a "" b"', tag('a " b')],
    ["tag:a:b", tag("a:b")],
    ["tag:-", tag("-")],
    ["tag:mil*", tag("mil*")],
    ["(tag:a)", tag("a")],
    ["tag:a tag:b", and(tag("a"), tag("b"))],
  ])("reads %j", (text, expected) => {
    expect(query(text)).toEqual(expected);
  });

  it.each([
    [
      "tag:",
      '"tag:" needs a value directly after it. Write a tag\'s name, as in tag:home or tag:"two words", tag:none or tag:any.',
      "tag:",
    ],
    ["tag:a,b", "A tag's name cannot contain a comma.", "a,b"],
    [`tag:${"x".repeat(51)}`, "Use at most 50 characters; this has 51.", "x".repeat(51)],
    ['tag:"', 'This quote has no end. Add a second ", or remove it.', '"'],
    ['tag:""', "There is nothing between these quotes.", '""'],
  ])("says what is wrong with %j", (text, message, marked) => {
    expect(problem(text)).toEqual([message, marked]);
  });
});

describe("status: and is:", () => {
  it.each<[string, Query]>([
    ["status:pending", { kind: "status", status: "pending" }],
    ["status:in_progress", { kind: "status", status: "in_progress" }],
    ["status:in-progress", { kind: "status", status: "in_progress" }],
    ['status:"In Progress"', { kind: "status", status: "in_progress" }],
    ["status:todo", { kind: "status", status: "pending" }],
    ["status:canceled", { kind: "status", status: "cancelled" }],
    ["is:completed", { kind: "status", status: "completed" }],
    ["is:open", { kind: "is", state: "open" }],
    ["is:done", { kind: "is", state: "done" }],
    ["is:Overdue", { kind: "is", state: "overdue" }],
    ["status:open", { kind: "is", state: "open" }],
  ])("reads %j", (text, expected) => {
    expect(query(text)).toEqual(expected);
  });

  it.each(["banana", "constructor", "__proto__", "-"])("lists what there is instead of %j", (value) => {
    const all = "Use open, done, overdue, pending, in_progress, completed or cancelled.";
    expect(problem(`milk is:${value}`)).toEqual([`"is:" cannot be "${value}". ${all}`, value]);
    expect(problem(`status:${value} milk`)).toEqual([`"status:" cannot be "${value}". ${all}`, value]);
  });
});

describe("priority:", () => {
  it.each<[string, Query]>([
    ["priority:4", priority("=", 4)],
    ["priority:=0", priority("=", 0)],
    ["priority:>=4", priority(">=", 4)],
    ["priority:≥4", priority(">=", 4)],
    ["priority:<2", priority("<", 2)],
    ["priority:high", priority("=", 4)],
    ["priority:<=Medium", priority("<=", 3)],
    ["priority:none", priority("=", 0)],
    ["priority:2..4", and(priority(">=", 2), priority("<=", 4))],
    ["priority:4..2", and(priority(">=", 2), priority("<=", 4))],
    ["priority:3..3", priority("=", 3)],
    ["priority:0..", priority(">=", 0)],
    ["priority:..3", priority("<=", 3)],
    ["-priority:2..4", not(and(priority(">=", 2), priority("<=", 4)))],
  ])("reads %j", (text, expected) => {
    expect(query(text)).toEqual(expected);
  });

  it.each(["6", "-1", "x", "44", "1.5", "..", "1..9", "1..2..3", ">", "<>3", "=>3", "٣", ">=2..3"])(
    "says how it is written instead of %j",
    (value) => {
      const forms = "Use a number from 0 to 5, as in priority:4, priority:>=4 or priority:2..4.";
      expect(problem(`priority:${value} milk`)).toEqual([
        `"priority:" cannot be "${value}". ${forms}`,
        value,
      ]);
    },
  );
});

describe("days", () => {
  it.each<[string, Query]>([
    ["due:2026-12-01", day("due", "=", "2026-12-01")],
    ["due:2026-2-1", day("due", "=", "2026-02-01")],
    ["due:<2026-12-01", day("due", "<", "2026-12-01")],
    ["scheduled:>=2026-12-01", day("scheduled", ">=", "2026-12-01")],
    ["created:today", day("created", "=", { relative: "today" })],
    ["updated:>=Yesterday", day("updated", ">=", { relative: "yesterday" })],
    ["due:tomorrow", day("due", "=", { relative: "tomorrow" })],
    ["due:<=+7d", day("due", "<=", days(7))],
    ["due:<=+2w", day("due", "<=", days(14))],
    ["completed:>-30d", day("completed", ">", days(-30))],
    ["due:-0d", day("due", "=", days(0))],
    ["due:none", { kind: "dayPresence", field: "due", presence: "none" }],
    ["due:any", { kind: "dayPresence", field: "due", presence: "any" }],
    ["scheduled:none", { kind: "dayPresence", field: "scheduled", presence: "none" }],
    ["has:due", { kind: "dayPresence", field: "due", presence: "any" }],
    ["due:2026-12-01..", day("due", ">=", "2026-12-01")],
    ["due:..today", day("due", "<=", { relative: "today" })],
    ["due:today..+0w", and(day("due", ">=", { relative: "today" }), day("due", "<=", days(0)))],
    ["due:2026-12-01..2026-12-01", day("due", "=", "2026-12-01")],
    ["due:2026-12-31..2026-12-01", and(day("due", ">=", "2026-12-01"), day("due", "<=", "2026-12-31"))],
  ])("reads %j", (text, expected) => {
    expect(query(text)).toEqual(expected);
  });

  it.each(["friday", "01.12.2026", "2026-12", "7d", "+7m", "..", "none..any", "<any", "<", "1/2/2026"])(
    "says how a day is written instead of %j",
    (value) => {
      const forms =
        "Use a day, as in due:2026-12-01, due:<=+7d, due:today or due:2026-12-01..2026-12-24, due:none or due:any.";
      expect(problem(`due:${value}`)).toEqual([`"due:" cannot be "${value}". ${forms}`, value]);
    },
  );

  it.each([
    ["due:2026-02-30", "2026-02-30 is not a day.", "2026-02-30"],
    ["due:>1969-12-31", "Choose a date between 1970 and 9999.", ">1969-12-31"],
    ["due:<=+36501d", "Count at most 36,500 days from today.", "<=+36501d"],
    ["due:<=+999999w", "Count at most 36,500 days from today.", "<=+999999w"],
    [
      "created:none",
      '"created:" cannot be "none". Use a day, as in created:2026-12-01, created:<=+7d, created:today or created:2026-12-01..2026-12-24.',
      "none",
    ],
  ])("says what is wrong with %j", (text, message, marked) => {
    expect(problem(text)).toEqual([message, marked]);
  });
});

describe("has: and in:", () => {
  it.each<[string, Query]>([
    ["has:description", { kind: "has", part: "description" }],
    ["has:tags", { kind: "tags", presence: "any" }],
    ["in:title milk", and(title, word("milk"))],
    ["milk in:description", and(word("milk"), description)],
    ["in:title (a b)", and(title, word("a"), word("b"))],
    ["a (in:title b)", and(word("a"), and(title, word("b")))],
    ["in:title a (in:description b)", and(title, word("a"), and(description, word("b")))],
    ["in:title a or in:description b", or(and(title, word("a")), and(description, word("b")))],
    ["in:title -(a or b)", and(title, not(or(word("a"), word("b"))))],
  ])("reads %j", (text, expected) => {
    expect(query(text)).toEqual(expected);
  });

  it.each([
    ["has:money", '"has:" cannot be "money". Use description, tags, due or scheduled.', "money"],
    ["in:trash milk", '"in:" cannot be "trash". Use title or description.', "trash"],
    ["in: the house", '"in:" needs a value directly after it. Use title or description.', "in:"],
    ["-in:title milk", '"in:" says where to look; leave out its "-".', "-"],
    ["in:title", '"in:" says where to look. Write the words to look for beside it.', "in:title"],
    ["milk or in:title", '"in:" says where to look. Write the words to look for beside it.', "in:title"],
    ["in:title tag:home", '"in:" says where to look. Write the words to look for beside it.', "in:title"],
    [
      "in:title (in:description a)",
      '"in:" says where to look. Write the words to look for beside it.',
      "in:title",
    ],
    ["in:title in:description a", '"in:" can stand only once beside the same words.', "in:description"],
  ])("says what is wrong with %j", (text, message, marked) => {
    expect(problem(text)).toEqual([message, marked]);
  });
});

describe("a text that is no query", () => {
  const oddOr = '"or" stands between two things to look for. In quotes it is a word: "or".';
  const dash = 'Write "-" directly before what must not be there, as in -milk.';

  it.each([
    ['milk "and bread', 'This quote has no end. Add a second ", or remove it.', '"and bread'],
    ['"', 'This quote has no end. Add a second ", or remove it.', '"'],
    ['""', "There is nothing between these quotes.", '""'],
    ['milk -" "', "There is nothing between these quotes.", '" "'],
    ["(milk or bread", 'This "(" has no ")". Add one, or remove it.', "("],
    ["milk (", 'This "(" has no ")". Add one, or remove it.', "("],
    ["milk)", 'There is no "(" before this ")".', ")"],
    [")", 'There is no "(" before this ")".', ")"],
    ["milk () bread", "There is nothing between these parentheses.", "()"],
    ["or", oddOr, "or"],
    ["milk or", oddOr, "or"],
    ["OR milk", oddOr, "OR"],
    ["milk or or bread", oddOr, "or"],
    ["(milk or) bread", oddOr, "or"],
    ["milk -or bread", oddOr, "or"],
    ["-", dash, "-"],
    ["- milk", dash, "-"],
    ["milk --", dash, "--"],
    ["(milk -)", dash, "-"],
    ["milk or - bread", dash, "-"],
    ["milk\u0000", "This character cannot be looked for. Remove it and try again.", "\u0000"],
    ["\ud83d milk", "This character cannot be looked for. Remove it and try again.", "\ud83d"],
    ["🪨".repeat(501), "Use at most 500 characters; this has 501.", "🪨"],
    ["a ".repeat(60), "Ask for at most 50 words and filters at once.", "a"],
    [`${"(".repeat(11)}a${")".repeat(11)}`, "Put parentheses at most 10 deep within each other.", "("],
    ["(".repeat(500), "Put parentheses at most 10 deep within each other.", "("],
    ["-(".repeat(250), "Put parentheses at most 10 deep within each other.", "("],
  ])("is told what is wrong with %j", (text, message, marked) => {
    expect(problem(text)).toEqual([message, marked]);
  });

  it.each([
    ["stauts:open", "stauts:", "status:"],
    ["milk -prioritty:4", "prioritty:", "priority:"],
    ["scheduld:today", "scheduld:", "scheduled:"],
    ["update:today", "update:", "updated:"],
    ["label:home", "label:", "tag:"],
    ["deadline:today", "deadline:", "due:"],
    ["title:milk", "title:", "in:title"],
  ])("is asked what filter was meant by %j", (text, typed, meant) => {
    expect(problem(text)).toEqual([
      `There is no filter "${typed}". Did you mean "${meant}"? In quotes it is looked for as it stands.`,
      typed,
    ]);
  });

  it("names the first thing that is wrong, by its place in the text", () => {
    expect(parseQuery("buy milk tag:a,b due:x")).toEqual({
      ok: false,
      problem: { message: "A tag's name cannot contain a comma.", from: 13, to: 16 },
    });
  });
});
