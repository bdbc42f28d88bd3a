"use client";
// Rendered once: what the compiler would remember of it is more script than it is itself.
"use no memo";

import { SignOutForm } from "@/app/(auth)/sign-out-form";
import { SignOutIcon } from "@/app/_ui/icons";
import { MenuItem } from "@/app/_ui/menu-item";
import { Sidebar, type Account } from "@/app/_ui/shell/sidebar";
import { PersonNav, type PersonNavProps } from "./person-nav";
import { ThemeKeeper, type ThemeKeeperProps } from "./theme-keeper";

type SignedInSidebarProps = PersonNavProps & ThemeKeeperProps & { account: Account };

/** The sidebar with what is the person's own. A client component, so that a page carries that once more, and no markup. */
export function SignedInSidebar({ account, theme, ...nav }: SignedInSidebarProps) {
  return (
    <Sidebar
      account={account}
      nav={
        <>
          <PersonNav {...nav} />
          <ThemeKeeper theme={theme} />
        </>
      }
      signOut={
        <SignOutForm>
          <MenuItem type="submit" icon={SignOutIcon}>
            Sign out
          </MenuItem>
        </SignOutForm>
      }
    />
  );
}
