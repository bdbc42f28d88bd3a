"use client";
// Rendered once: what the compiler would remember of it is more script than it is itself.
"use no memo";

import type { ReactNode } from "react";
import { buttonStyle } from "@/app/_ui/button-style";
import { ConnectionBanner } from "@/app/_ui/connection-banner";
import { BottomBar } from "@/app/_ui/shell/bottom-bar";
import { MainColumn } from "@/app/_ui/shell/main-column";
import { NavigationProvider } from "@/app/_ui/shell/navigation-provider";
import { SidebarToggle } from "@/app/_ui/shell/sidebar-toggle";
import { Toaster } from "@/app/_ui/toaster";

/**
 * What stands around every page of a signed-in person. The sidebar is given as an element, so that its data and the
 * page's are asked for in the same tick and share one request.
 */
export function Shell({ sidebar, children }: { sidebar: ReactNode; children: ReactNode }) {
  return (
    <NavigationProvider>
      <a
        href="#main"
        className={`${buttonStyle("primary")} fixed top-2 left-2 z-30 -translate-y-24 focus:translate-y-0`}
      >
        Skip to the page
      </a>
      {sidebar}
      <SidebarToggle
        id="show-sidebar"
        label="Show sidebar"
        closed={false}
        focusNext="hide-sidebar"
        className="fixed top-3 left-3 z-10 not-in-data-[sidebar=closed]:hidden max-md:hidden"
      />
      <ConnectionBanner />
      <MainColumn>{children}</MainColumn>
      <BottomBar />
      <Toaster />
    </NavigationProvider>
  );
}
