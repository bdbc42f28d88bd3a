import { useId, type CSSProperties, type ReactNode } from "react";
import { cx } from "@/app/_ui/cx";
import { MenuList } from "@/app/_ui/menu-list";

/** What the button that opens a popover takes over: spread it onto a `Button` or an `IconButton`. */
export type PopoverTrigger = { popoverTarget: string; style: CSSProperties };

export type PopoverPlacement = "below" | "below-end" | "above";

type PopoverProps = {
  renderTrigger: (props: PopoverTrigger) => ReactNode;
  /** The name of what opens. */
  label: string;
  placement?: PopoverPlacement;
  className?: string;
  children: ReactNode;
};

const placements: Record<PopoverPlacement, string> = {
  below: "supports-[position-area:top]:[position-area:bottom_span-right]",
  "below-end": "supports-[position-area:top]:[position-area:bottom_span-left]",
  above: "supports-[position-area:top]:[position-area:top_span-right]",
};

// Where the browser cannot anchor, its own rule stands: the popover opens in the middle of the window.
const surface =
  "m-auto max-h-[80dvh] max-w-[calc(100vw-1rem)] overflow-y-auto rounded-panel bg-surface shadow-float supports-[position-area:top]:inset-auto supports-[position-area:top]:m-1 [position-try-fallbacks:flip-block,flip-inline,flip-block_flip-inline] open:animate-rise";

function useAnchor(): { id: string; anchor: string } {
  const id = useId();
  return { id, anchor: `--anchor-${id}` };
}

/** Something small that opens beside its button: a picker, an explanation. By the popover API, so without script too. */
export function Popover({ renderTrigger, label, placement = "below", className, children }: PopoverProps) {
  const { id, anchor } = useAnchor();
  return (
    <>
      {renderTrigger({ popoverTarget: id, style: { anchorName: anchor } })}
      <div
        id={id}
        data-slot="popover"
        popover="auto"
        role="dialog"
        aria-label={label}
        className={cx(surface, placements[placement], "p-3", className)}
        style={{ positionAnchor: anchor }}
      >
        {children}
      </div>
    </>
  );
}

/**
 * A popover that holds commands: `MenuItem`s, links or forms with a `MenuItem` to send them. The arrow keys move between
 * them, and choosing one closes it.
 */
export function Menu({ renderTrigger, label, placement = "below", className, children }: PopoverProps) {
  const { id, anchor } = useAnchor();
  return (
    <>
      {renderTrigger({ popoverTarget: id, style: { anchorName: anchor } })}
      <MenuList
        id={id}
        label={label}
        className={cx(surface, placements[placement], "min-w-48 p-1", className)}
        style={{ positionAnchor: anchor }}
      >
        {children}
      </MenuList>
    </>
  );
}
