// Rendered once: what the compiler would remember of it is more script than it is itself.
"use no memo";

import { MenuIcon, PlusIcon, type Icon } from "@/app/_ui/icons";
import { AddLink } from "@/app/_ui/shell/add-link";
import { NavLink } from "@/app/_ui/shell/nav-link";
import { search, today, upcoming, type Place } from "@/app/_ui/shell/navigation";
import { sidebarId } from "@/app/_ui/shell/ids";

/** What a thumb needs, at the foot of narrow screens. */
export function BottomBar() {
  return (
    <nav data-slot="bottom-bar" aria-label="Shortcuts" className="bottom-bar">
      <PlaceLink place={today} />
      <PlaceLink place={upcoming} />
      <AddLink className="bottom-link">
        <Label icon={PlusIcon}>Add</Label>
      </AddLink>
      <PlaceLink place={search} />
      <button type="button" popoverTarget={sidebarId} className="bottom-link">
        <Label icon={MenuIcon}>More</Label>
      </button>
    </nav>
  );
}

function PlaceLink({ place }: { place: Place }) {
  return (
    <NavLink href={place.href} className="bottom-link">
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
