import { MenuIcon, PlusIcon, type Icon } from "@/app/_ui/icons";
import { AddLink } from "@/app/_ui/shell/add-link";
import { NavLink } from "@/app/_ui/shell/nav-link";
import { search, today, upcoming, type Place } from "@/app/_ui/shell/navigation";
import { sidebarId } from "@/app/_ui/shell/ids";

const item =
  "flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-meta text-soft no-underline focus-visible:-outline-offset-2 aria-[current]:font-strong aria-[current]:text-accent";

// The drawer holds the same links: while it is open, these are out of the way, so that each exists once.
const link = `${item} in-[:has(#sidebar:popover-open)]:invisible`;

/** What a thumb needs, at the foot of narrow screens. */
export function BottomBar() {
  return (
    <nav
      data-slot="bottom-bar"
      aria-label="Shortcuts"
      className="fixed inset-x-0 bottom-0 z-20 flex h-bottom-bar border-t border-line bg-canvas pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <PlaceLink place={today} />
      <PlaceLink place={upcoming} />
      <AddLink className={link}>
        <Label icon={PlusIcon}>Add</Label>
      </AddLink>
      <PlaceLink place={search} />
      <button type="button" popoverTarget={sidebarId} className={item}>
        <Label icon={MenuIcon}>More</Label>
      </button>
    </nav>
  );
}

function PlaceLink({ place }: { place: Place }) {
  return (
    <NavLink href={place.href} className={link}>
      <Label icon={place.icon}>{place.name}</Label>
    </NavLink>
  );
}

function Label({ icon: Glyph, children }: { icon: Icon; children: string }) {
  return (
    <>
      <Glyph />
      {children}
    </>
  );
}
