"use client";

import type { ComponentProps, MouseEvent } from "react";
import { addInputId, sidebarId } from "@/app/_ui/shell/ids";
import { NavLink } from "@/app/_ui/shell/nav-link";

function focusAddLine(event: MouseEvent<HTMLAnchorElement>) {
  const input = document.getElementById(addInputId);
  if (!input) return;
  event.preventDefault();
  document.getElementById(sidebarId)?.hidePopover();
  input.focus();
}

/** Leads to the line that adds a todo: the one on this page, else the one of Today. It is never the current place. */
export function AddLink(props: Omit<ComponentProps<typeof NavLink>, "href" | "onClick" | "aria-current">) {
  return <NavLink {...props} href={`/today#${addInputId}`} onClick={focusAddLine} aria-current={undefined} />;
}
