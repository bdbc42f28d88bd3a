"use client";

import type { ReactNode } from "react";
import { PageSkeleton } from "@/app/_ui/skeletons";
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
  return <PageSkeleton kind={place?.skeleton ?? "form"} title={target.tag ?? place?.name} />;
}
