"use client";

import { IconButton } from "@/app/_ui/icon-button";
import { SidebarIcon } from "@/app/_ui/icons";
import { sidebarCookie } from "@/lib/appearance";

const yearInSeconds = 31_536_000;

type SidebarToggleProps = {
  label: string;
  closed: boolean;
  focusNext: string;
  id: string;
  className?: string;
};

/**
 * Opens or closes the sidebar of wide screens. The root layout renders the choice from the cookie, so it never flashes;
 * the attribute on <html> is all that the styles look at.
 */
export function SidebarToggle({ closed, focusNext, ...props }: SidebarToggleProps) {
  function toggle() {
    const root = document.documentElement;
    if (closed) root.dataset.sidebar = "closed";
    else delete root.dataset.sidebar;
    document.cookie = `${sidebarCookie}=${closed ? "closed" : "open"}; path=/; max-age=${yearInSeconds}; samesite=lax`;
    // This button is gone now; the one that undoes it takes the focus.
    document.getElementById(focusNext)?.focus();
  }
  return <IconButton {...props} icon={SidebarIcon} onClick={toggle} />;
}
