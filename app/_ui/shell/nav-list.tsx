"use client";

import { ColourDot } from "@/app/_ui/chip";
import { countText } from "@/app/_ui/count";
import { NavLink } from "@/app/_ui/shell/nav-link";
import { lowerPlaces, upperPlaces, type Place } from "@/app/_ui/shell/navigation";

// Client components, so that a page carries the counts and the tags once more for hydration, and not all this markup.

export type SidebarTag = { id: string; name: string; colour: string; openCount: number };
export type SidebarCounts = Partial<Record<NonNullable<Place["count"]>, number>>;

/** The links to Cairn's places, with the person's tags between them. */
export function NavList({
  tags = [],
  counts = {},
}: {
  tags?: readonly SidebarTag[];
  counts?: SidebarCounts;
}) {
  return (
    <nav aria-label="Main" className="flex min-h-0 flex-col gap-4">
      <Places places={upperPlaces} counts={counts} />
      {tags.length > 0 && <TagList tags={tags} />}
      <Places places={lowerPlaces} counts={counts} />
    </nav>
  );
}

function Places({ places, counts }: { places: readonly Place[]; counts: SidebarCounts }) {
  return (
    <ul className="flex shrink-0 flex-col gap-px">
      {places.map(({ href, name, icon: Glyph, count }) => (
        <li key={href} className="relative flex">
          <NavLink href={href} className="nav-link">
            <Glyph />
            {name}
          </NavLink>
          <OpenCount count={count === undefined ? undefined : counts[count]} />
        </li>
      ))}
    </ul>
  );
}

function TagList({ tags }: { tags: readonly SidebarTag[] }) {
  return (
    // Many tags scroll by themselves, so that Trash, Activity and Settings stay in sight.
    <div role="group" aria-labelledby="sidebar-tags" className="min-h-32 overflow-y-auto">
      <p id="sidebar-tags" className="px-2 pb-1 text-meta text-faint">
        Your tags
      </p>
      <ul className="flex flex-col gap-px">
        {tags.map((tag) => (
          <li key={tag.id} className="relative flex">
            <NavLink href={`/todos?tag=${encodeURIComponent(tag.name)}`} className="nav-link">
              <ColourDot colour={tag.colour} className="mx-1.5" />
              <span className="min-w-0 truncate pr-8">{tag.name}</span>
            </NavLink>
            <OpenCount count={tag.openCount} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The number beside a link, and no part of its name. */
function OpenCount({ count }: { count: number | undefined }) {
  if (!count) return null;
  return (
    <span className="pointer-events-none absolute inset-y-0 right-2 flex items-center text-meta text-faint">
      {countText(count)}
      <span className="sr-only"> open</span>
    </span>
  );
}
