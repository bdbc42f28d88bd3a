"use client";

import { usePathname, useSearchParams, useSelectedLayoutSegments } from "next/navigation";
import {
  createContext,
  startTransition,
  use,
  useEffect,
  useMemo,
  useOptimistic,
  useState,
  type ReactNode,
} from "react";
import { addInputId, sidebarId } from "@/app/_ui/shell/ids";
import { parseLocation, type Location } from "@/app/_ui/shell/location";

type Navigation = {
  /** Where the person is, or is on the way to: the target counts from the click on. */
  here: Location;
  /** Where they are on the way to, while the page there has not arrived. */
  target: Location | null;
  /** Says, from a link's `onNavigate`, that it was followed. */
  leadTo: (href: string) => void;
};

const NavigationContext = createContext<Navigation | null>(null);

export function useNavigation(): Navigation {
  const navigation = use(NavigationContext);
  if (!navigation) throw new Error("The links of the shell stand inside its NavigationProvider.");
  return navigation;
}

/** Knows where a person is going as soon as they click, so that the shell can paint it before the server answered. */
export function NavigationProvider({ children }: { children: ReactNode }) {
  const pathname = usePathname();
  const tag = useSearchParams().get("tag");
  const place = usePlace(pathname, tag);
  // The transition in which it is set is the router's own (same event, same lane): it falls back when the page is there.
  const [target, setTarget] = useOptimistic<Location | null>(null);

  useEffect(() => {
    const arrived = location.pathname === pathname && location.hash === `#${addInputId}`;
    if (arrived) document.getElementById(addInputId)?.focus();
  }, [pathname]);

  const navigation = useMemo(
    () => ({
      here: target ?? place,
      target,
      leadTo(href: string) {
        document.getElementById(sidebarId)?.hidePopover();
        startTransition(() => setTarget(parseLocation(href)));
      },
    }),
    [place, target, setTarget],
  );
  return <NavigationContext value={navigation}>{children}</NavigationContext>;
}

/** Where the person is: the page, also while the address is that of a todo that stands beside it. */
function usePlace(pathname: string, tag: string | null): Location {
  const isPage = `/${useSelectedLayoutSegments().join("/")}` === pathname;
  const [place, setPlace] = useState<Location>({ pathname, tag });
  if (isPage && (place.pathname !== pathname || place.tag !== tag)) setPlace({ pathname, tag });
  return place;
}
