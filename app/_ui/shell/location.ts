/** Where a person is, as far as the sidebar can mark it. */
export type Location = { pathname: string; tag: string | null };

/** The location that an address on this site leads to: a path, perhaps with a query and a fragment. */
export function parseLocation(href: string): Location {
  const [address = ""] = href.split("#", 1);
  const path = pathOf(address);
  return { pathname: path, tag: new URLSearchParams(address.slice(path.length)).get("tag") };
}

/**
 * Whether a link of the sidebar leads to where one is: the place itself or something beneath it (`/todos/1` is in All).
 * A list that is narrowed to one tag is that tag's place, and not All's too. The path comes first: every page asks this
 * of every tag, and of most it is enough.
 */
export function isCurrent(href: string, here: Location): boolean {
  const path = pathOf(href);
  const isAround = here.pathname === path || here.pathname.startsWith(`${path}/`);
  return isAround && parseLocation(href).tag === here.tag;
}

function pathOf(href: string): string {
  return /^[^?#]*/.exec(href)?.[0] ?? "";
}
