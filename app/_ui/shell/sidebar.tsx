"use client";
// Rendered once: what the compiler would remember of it is more script than it is itself.
"use no memo";

import type { ReactNode } from "react";
import { CairnMark } from "@/app/_ui/cairn-mark";
import { ChevronIcon, CrossIcon, PlusIcon } from "@/app/_ui/icons";
import { IconButton } from "@/app/_ui/icon-button";
import { Menu } from "@/app/_ui/menu";
import { AddLink } from "@/app/_ui/shell/add-link";
import { NavList } from "@/app/_ui/shell/nav-list";
import { sidebarId } from "@/app/_ui/shell/ids";
import { SidebarToggle } from "@/app/_ui/shell/sidebar-toggle";

export type Account = {
  name: string;
  email: string;
  /** What stands for their picture: made on the server, because browsers do not agree on what a letter is. */
  initial: string;
};

export type SidebarProps = {
  /** Absent while the database cannot be reached: the places stay reachable, the person's own part is left out. */
  account?: Account | undefined;
  /** A `NavList` with the person's tags and counts. */
  nav?: ReactNode;
  /** The form that signs out: a `MenuItem` of type `submit` in a `<form>`. */
  signOut?: ReactNode;
};

/**
 * One element for wide and narrow screens, so that each of its links exists once: a column from 768 px up, below that a
 * drawer by the popover API, which opens without script too.
 */
export function Sidebar({ account, nav = <NavList />, signOut }: SidebarProps) {
  return (
    <aside id={sidebarId} data-slot="sidebar" popover="auto" aria-label="Sidebar" className="sidebar">
      <div className="flex h-14 shrink-0 items-center gap-2 pr-2 pl-4">
        <CairnMark className="size-6 text-accent" />
        <span className="flex-1 font-strong">Cairn</span>
        <SidebarToggle
          id="hide-sidebar"
          label="Hide sidebar"
          closed
          focusNext="show-sidebar"
          className="max-md:hidden noscript:hidden"
        />
        <IconButton
          icon={CrossIcon}
          label="Close menu"
          popoverTarget={sidebarId}
          popoverTargetAction="hide"
          className="md:hidden"
        />
      </div>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto overscroll-contain px-2 pb-3">
        <AddLink className="nav-link mb-1 flex-none text-accent">
          <PlusIcon />
          Add todo
        </AddLink>
        {nav}
      </div>
      {account && (
        <div className="shrink-0 border-t border-line p-2 max-md:pb-[calc(0.5rem+env(safe-area-inset-bottom))]">
          <AccountMenu account={account} signOut={signOut} />
        </div>
      )}
    </aside>
  );
}

function AccountMenu({ account, signOut }: { account: Account; signOut: ReactNode }) {
  return (
    <Menu
      id="account-menu"
      label="Account"
      className="w-60"
      renderTrigger={(trigger) => (
        <button type="button" {...trigger} className="account-button">
          <span aria-hidden="true" className="account-letter">
            {account.initial}
          </span>
          <span className="min-w-0 flex-1 truncate">{account.name}</span>
          <span className="sr-only">Account</span>
          <ChevronIcon className="size-4 rotate-180 text-faint" />
        </button>
      )}
    >
      <div className="px-2 pt-1.5 pb-2">
        <p className="truncate font-strong">{account.name}</p>
        <p className="truncate text-meta text-faint">{account.email}</p>
      </div>
      {signOut}
    </Menu>
  );
}
