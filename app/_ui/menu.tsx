// Rendered once: what the compiler would remember of it is more script than it is itself.
"use no memo";

import type { CSSProperties, ReactNode } from "react";
import { cx } from "@/app/_ui/cx";
import { MenuList } from "@/app/_ui/menu-list";

/** What the button that opens a menu takes over: spread it onto a button. */
type MenuTrigger = { popoverTarget: string; style: CSSProperties };

type MenuProps = {
  /** Unique on the page. React's useId is not, in a server component. */
  id: string;
  renderTrigger: (props: MenuTrigger) => ReactNode;
  /** The name of what opens. */
  label: string;
  className?: string;
  children: ReactNode;
};

/**
 * Commands that open above their button: `MenuItem`s, or forms with a `MenuItem` to send them. By the popover API, so
 * without script too. The arrow keys move between them, and choosing one closes it.
 */
export function Menu({ id, renderTrigger, label, className, children }: MenuProps) {
  const anchor = `--anchor-${id}`;
  return (
    <>
      {renderTrigger({ popoverTarget: id, style: { anchorName: anchor } })}
      <MenuList id={id} label={label} className={cx("menu", className)} style={{ positionAnchor: anchor }}>
        {children}
      </MenuList>
    </>
  );
}
