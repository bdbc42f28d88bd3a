"use client";
// Rendered once: what the compiler would remember of it is more script than it is itself.
"use no memo";

import type { CSSProperties, KeyboardEvent, MouseEvent, ReactNode, ToggleEvent } from "react";

type MenuListProps = {
  id: string;
  label: string;
  className: string;
  style: CSSProperties;
  children: ReactNode;
};

function handleClick(event: MouseEvent<HTMLDivElement>) {
  if (event.target instanceof Element && event.target.closest("a, button")) event.currentTarget.hidePopover();
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("a, button:not(:disabled)")];
}

function handleToggle(event: ToggleEvent<HTMLDivElement>) {
  if (event.newState === "open") itemsOf(event.currentTarget)[0]?.focus();
}

function handleKeyDown(event: KeyboardEvent<HTMLDivElement>) {
  const items = itemsOf(event.currentTarget);
  const index = items.findIndex((item) => item === document.activeElement);
  const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
}

/** The open part of a `Menu`. It adds to the popover API what that lacks: arrow keys, the focus, and closing after a choice. */
export function MenuList({ id, label, className, style, children }: MenuListProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the items inside are the controls
    <div
      id={id}
      data-slot="menu"
      popover="auto"
      role="group"
      aria-label={label}
      className={className}
      style={style}
      onClick={handleClick}
      onToggle={handleToggle}
      onKeyDown={handleKeyDown}
    >
      {children}
    </div>
  );
}
