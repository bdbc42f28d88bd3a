/** Where a person is, as far as the sidebar can mark it. */
export type Location = { pathname: string; tag: string | null };

// Only to parse relative addresses.
const base = "http://cairn.invalid";

/** The location that a relative address leads to. */
export function parseLocation(href: string): Location {
  const url = new URL(href, base);
  return { pathname: url.pathname, tag: url.searchParams.get("tag") };
}

/**
 * Whether a link of the sidebar leads to where one is: the place itself or something beneath it (`/todos/1` is in All).
 * A list that is narrowed to one tag is that tag's place, and not All's too.
 */
export function isCurrent(href: string, here: Location): boolean {
  const place = parseLocation(href);
  if (place.tag !== here.tag) return false;
  return here.pathname === place.pathname || here.pathname.startsWith(`${place.pathname}/`);
}
