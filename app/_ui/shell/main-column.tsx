"use client";

import type { ReactNode } from "react";
import { DashboardSkeleton, DetailSkeleton, ListSkeleton } from "@/app/_ui/skeletons";
import type { Location } from "@/app/_ui/shell/location";
import { lowerPlaces, upperPlaces } from "@/app/_ui/shell/navigation";
import { useNavigation } from "@/app/_ui/shell/navigation-provider";

/**
 * The page. While another one is on its way, that one's skeleton lies over it; after 100 ms only, because a page that
 * comes at once should not flicker. The page below stays as it is, so a navigation that fails loses nothing.
 */
export function MainColumn({ children }: { children: ReactNode }) {
  const { target } = useNavigation();
  return (
    <main
      id="main"
      tabIndex={-1}
      aria-busy={target ? true : undefined}
      className="pb-bottom-bar md:pl-sidebar md:in-data-[sidebar=closed]:pt-6"
    >
      {children}
      {target && (
        <div
          data-slot="pending-page"
          className="fixed inset-y-0 right-0 left-sidebar z-10 animate-appear overflow-hidden bg-canvas md:in-data-[sidebar=closed]:pt-6"
        >
          <PendingPage target={target} />
        </div>
      )}
    </main>
  );
}

function PendingPage({ target }: { target: Location }) {
  const place = [...upperPlaces, ...lowerPlaces].find(({ href }) => href === target.pathname);
  const title = target.tag === null ? place?.name : undefined;
  if (target.pathname === "/dashboard") return <DashboardSkeleton title={title} />;
  if (target.pathname === "/settings" || place === undefined) return <DetailSkeleton title={title} />;
  const adds = ["/today", "/upcoming", "/todos"].includes(target.pathname);
  return <ListSkeleton title={title} addLine={adds} />;
}
