"use client";

import Link from "next/link";
import type { ComponentProps } from "react";
import { isCurrent } from "@/app/_ui/shell/location";
import { useNavigation } from "@/app/_ui/shell/navigation-provider";

type NavLinkProps = Omit<ComponentProps<typeof Link>, "href"> & { href: string };

/**
 * A link of the shell: it marks itself as current in the frame of the click and lets the main column show the skeleton
 * of its target. It does not prefetch: every page is a person's own data, and a prefetch would ask the database for it.
 */
export function NavLink({ href, ...props }: NavLinkProps) {
  const { here, leadTo } = useNavigation();

  function handleNavigate(event: { preventDefault: () => void }) {
    // Offline, the browser would put its own error page in the place of what is still on the screen.
    if (navigator.onLine) leadTo(href);
    else event.preventDefault();
  }

  return (
    <Link
      // Safe: the places are written down in navigation.ts, and a tag's list is /todos with a query.
      href={href as ComponentProps<typeof Link>["href"]}
      prefetch={false}
      aria-current={isCurrent(href, here) ? "page" : undefined}
      onNavigate={handleNavigate}
      {...props}
    />
  );
}
