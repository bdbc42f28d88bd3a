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

// Where the browser cannot anchor, its own rule stands: the menu opens in the middle of the window.
const surface =
  "m-auto max-h-[80dvh] min-w-48 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-panel bg-surface p-1 shadow-float supports-[position-area:top]:inset-auto supports-[position-area:top]:m-1 supports-[position-area:top]:[position-area:top_span-right] [position-try-fallbacks:flip-block,flip-inline,flip-block_flip-inline] open:animate-rise";

/**
 * Commands that open above their button: `MenuItem`s, or forms with a `MenuItem` to send them. By the popover API, so
 * without script too. The arrow keys move between them, and choosing one closes it.
 */
export function Menu({ id, renderTrigger, label, className, children }: MenuProps) {
  const anchor = `--anchor-${id}`;
  return (
    <>
      {renderTrigger({ popoverTarget: id, style: { anchorName: anchor } })}
      <MenuList id={id} label={label} className={cx(surface, className)} style={{ positionAnchor: anchor }}>
        {children}
      </MenuList>
    </>
  );
}
