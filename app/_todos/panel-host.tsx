"use client";

import { createContext, startTransition, use, useOptimistic, type ReactNode } from "react";
import { cx } from "@/app/_ui/cx";

const OpeningContext = createContext<(title: string) => void>(() => {});

/** Says, from a link's `onNavigate`, that a todo is being opened in the panel. */
export function useOpening() {
  return use(OpeningContext);
}

/** The page and the panel beside it, which is shown from the click on, before what is in it has come. */
export function PanelHost({ panel, children }: { panel: ReactNode; children: ReactNode }) {
  // The transition in which it is set is the router's own (same event, same lane): it falls back when the panel is there.
  const [title, setTitle] = useOptimistic<string | null>(null);
  return (
    <OpeningContext value={(opening) => startTransition(() => setTitle(opening))}>
      <div
        data-slot="page"
        className="panel:in-[:has([data-slot=panel])]:pr-panel max-panel:in-[:has([data-slot=panel])]:invisible"
      >
        {children}
      </div>
      {/* What failed in the panel is said where the panel would stand. */}
      <div className="has-[>[data-slot=message-page]]:fixed has-[>[data-slot=message-page]]:inset-y-0 has-[>[data-slot=message-page]]:right-0 has-[>[data-slot=message-page]]:z-10 has-[>[data-slot=message-page]]:bg-canvas">
        {panel}
      </div>
      {title !== null && <PendingPanel title={title} />}
    </OpeningContext>
  );
}

function PendingPanel({ title }: { title: string }) {
  return (
    <div
      data-slot="panel"
      aria-hidden="true"
      className="fixed inset-y-0 right-0 left-sidebar z-10 overflow-hidden bg-canvas px-4 pt-12 md:px-6 panel:left-auto panel:w-panel panel:border-l panel:border-line"
    >
      <p className="truncate pt-6 text-item font-strong">{title}</p>
      <div className="grid animate-appear gap-6 pt-6">
        {["w-24", "w-16", "w-20", "w-14"].map((width) => (
          <div key={width} className="grid gap-2">
            <span className={cx("block h-3 rounded-small bg-pressed", width)} />
            <div className="h-9 rounded-control border border-line" />
          </div>
        ))}
      </div>
    </div>
  );
}
