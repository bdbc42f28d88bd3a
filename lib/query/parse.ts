import { QUERY_DEPTH_MAX, QUERY_TERMS_MAX, SEARCH_QUERY_MAX } from "../db/limits";
import { codePointLength } from "../text";
import { filterNode } from "./filters";
import { InvalidQuery, refuse } from "./problem";
import { tokenize, type Stretch, type Token } from "./tokens";
import type { ParsedQuery, Query, QueryNode } from "./types";

type Options = {
  /** Somebody is still writing: a last word that the text ends with may go on. */
  typing?: boolean;
};

/**
 * Reads what people ask for in the one language that Cairn has for it:
 *
 *     query   = and { "or" and }           -- "or" in any case
 *     and     = term { term }              -- binds tighter
 *     term    = [ "-" ] ( word | word* | "phrase" | filter:value | "(" query ")" )
 *
 * A name before a colon is a filter when it is one of ours; one that is close to ours is asked about, and every other
 * ("10:30", "http://…", "Re: hello") is a word. Quotes, parentheses and hyphens are also taken in their typographic and
 * full-width forms, and mean something only where a term begins: "e-mail" and 27" are words. A "-" with space around it,
 * between two terms, is a dash and means nothing. Never throws: what is no query is answered with a sentence and a place.
 */
export function parseQuery(text: string, options: Options = {}): ParsedQuery {
  try {
    checkText(text);
    return { ok: true, query: parse(tokenize(text), options.typing === true ? text.length : null) };
  } catch (error) {
    if (error instanceof InvalidQuery) return { ok: false, problem: error.problem };
    throw error;
  }
}

function checkText(text: string) {
  const length = codePointLength(text);
  if (length > SEARCH_QUERY_MAX) {
    const message = `Use at most ${SEARCH_QUERY_MAX} characters; this has ${length.toLocaleString("en")}.`;
    refuse(message, { from: unitsOf(text, SEARCH_QUERY_MAX), to: text.length });
  }
  // White space separates, whatever kind it is of.
  const unstorable = /(?!\s)[\p{Cc}\p{Cs}]/u.exec(text);
  if (unstorable !== null) {
    const { index } = unstorable;
    refuse("This character cannot be looked for. Remove it and try again.", { from: index, to: index + 1 });
  }
}

/** How many UTF-16 units a text's first code points have. */
function unitsOf(text: string, codePoints: number): number {
  let units = 0;
  let count = 0;
  for (const character of text) {
    if (count === codePoints) break;
    units += character.length;
    count += 1;
  }
  return units;
}

/** @param typedTo where a word ends that is still being written; null when none is */
function parse(tokens: readonly Token[], typedTo: number | null): Query {
  let at = 0;
  let terms = 0;
  if (tokens.length === 0) return null;
  const query = parseOr(null);
  const rest = tokens[at];
  if (rest !== undefined) refuse('There is no "(" before this ")".', rest);
  return query;

  /** @param open the parentheses around it, outermost first */
  function parseOr(open: Opened | null): QueryNode {
    const nodes = [parseAnd(open)];
    while (tokens[at]?.kind === "or") {
      at += 1;
      nodes.push(parseAnd(open));
    }
    return join("or", nodes);
  }

  function parseAnd(open: Opened | null): QueryNode {
    const found: Found[] = [];
    for (let token = tokens[at]; startsTerm(token); token = tokens[at]) {
      if (token.kind === "dash") skipDash(token, found.length > 0);
      else found.push({ node: parseTerm(token, open), ...token });
    }
    if (found.length === 0) refuseNothing(open);
    checkPlaces(found);
    return join(
      "and",
      found.map(({ node }) => node),
    );
  }

  function skipDash(dash: Stretch, isAfterTerm: boolean) {
    at += 1;
    if (isAfterTerm && startsTerm(tokens[at])) return;
    refuse('Write "-" directly before what must not be there, as in -milk.', dash);
  }

  function parseTerm(token: TermToken, open: Opened | null): QueryNode {
    if (token.kind !== "not") return parsePrimary(token, open, false);
    at += 1;
    const next = tokens[at];
    // Something stands directly after it, which is no hyphen and no ")": all but "or" can be left out.
    if (!startsTerm(next) || next.kind === "dash" || next.kind === "not") return refuseOr(next ?? token);
    const node = parsePrimary(next, open, token.negates);
    if (!token.negates) return node;
    if (node.kind === "in") refuse(`"in:" says where to look; leave out its "-".`, token);
    return node.kind === "not" ? node.node : { kind: "not", node };
  }

  function parsePrimary(token: PrimaryToken, open: Opened | null, isExcluded: boolean): QueryNode {
    at += 1;
    if (token.kind === "open") return parseGroup(token, open);
    terms += 1;
    if (terms > QUERY_TERMS_MAX) {
      refuse(`Ask for at most ${QUERY_TERMS_MAX} words and filters at once.`, token);
    }
    if (token.kind === "filter") return filterNode(token);
    if (token.kind === "phrase") return { kind: "phrase", text: token.text };
    // What is excluded is excluded as it stands: "-car" must not hide "carpet" because nothing stands after it.
    return { kind: "word", text: token.text, prefix: token.prefix || (token.to === typedTo && !isExcluded) };
  }

  function parseGroup(token: Stretch, around: Opened | null): QueryNode {
    const open = { token, depth: (around?.depth ?? 0) + 1 };
    if (open.depth > QUERY_DEPTH_MAX) {
      refuse(`Put parentheses at most ${QUERY_DEPTH_MAX} deep within each other.`, token);
    }
    const node = parseOr(open);
    if (tokens[at]?.kind !== "close") refuseUnclosed(open);
    at += 1;
    return node;
  }

  /** There is no term where one has to be: what stands there instead, or before it, says why. */
  function refuseNothing(open: Opened | null): never {
    const [before, token] = [tokens[at - 1], tokens[at]];
    if (token?.kind === "or") return refuseOr(token);
    if (before?.kind === "or") return refuseOr(before);
    if (token === undefined && open !== null) return refuseUnclosed(open);
    if (token !== undefined && open === null) return refuse('There is no "(" before this ")".', token);
    return refuse("There is nothing between these parentheses.", {
      from: open?.token.from ?? 0,
      to: token?.to ?? 0,
    });
  }
}

type Opened = { token: Stretch; depth: number };
type Found = Stretch & { node: QueryNode };
type TermToken = Exclude<Token, { kind: "dash" | "or" | "open" | "close" }> | (Stretch & { kind: "open" });
type PrimaryToken = Exclude<TermToken, { kind: "not" }>;

function startsTerm(token: Token | undefined): token is TermToken | (Stretch & { kind: "dash" }) {
  return token !== undefined && token.kind !== "or" && token.kind !== "close";
}

function refuseOr(token: Stretch): never {
  return refuse('"or" stands between two things to look for. In quotes it is a word: "or".', token);
}

function refuseUnclosed({ token }: Opened): never {
  return refuse('This "(" has no ")". Add one, or remove it.', token);
}

/** "in:" needs words beside it, and can only say one place for them. */
function checkPlaces(found: readonly Found[]) {
  const places = found.filter(({ node }) => node.kind === "in");
  const [place, second] = places;
  if (second !== undefined) refuse('"in:" can stand only once beside the same words.', second);
  if (place !== undefined && !found.some(({ node }) => hasWords(node))) {
    refuse('"in:" says where to look. Write the words to look for beside it.', place);
  }
}

/** Whether an "in:" beside a node says something about it. */
function hasWords(node: QueryNode): boolean {
  if (node.kind === "word" || node.kind === "phrase") return true;
  if (node.kind === "not") return hasWords(node.node);
  return (node.kind === "and" || node.kind === "or") && !hasPlace(node) && node.nodes.some(hasWords);
}

function hasPlace(node: QueryNode): boolean {
  return node.kind === "and" && node.nodes.some(({ kind }) => kind === "in");
}

/** Groups of the same kind are one, but for those whose words are looked for elsewhere. */
function join(kind: "and" | "or", nodes: QueryNode[]): QueryNode {
  const flat = nodes.flatMap((node) => (node.kind === kind && !hasPlace(node) ? node.nodes : [node]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { kind, nodes: flat };
}
