"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { CrossIcon } from "@/app/_ui/icons";
import { IconButton } from "@/app/_ui/icon-button";

type PanelFrameProps = {
  todoId: string;
  /** What it shows, for assistive technology. */
  label: string;
  children: ReactNode;
};

const look =
  "fixed inset-y-0 right-0 left-sidebar z-10 overflow-y-auto overscroll-contain bg-canvas outline-none px-4 pt-3 pb-[calc(var(--bottom-bar-height)+2rem)] md:px-6 panel:left-auto panel:w-panel panel:border-l panel:border-line";

/**
 * Stands beside the page that it was opened from, and over it where there is no room beside. It takes the focus; closed,
 * by its button, Escape or Back, it gives it back, and the page is where it was.
 */
export function PanelFrame({ todoId, label, children }: PanelFrameProps) {
  const router = useRouter();
  const panel = useRef<HTMLElement>(null);

  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
    return () => {
      // Unless something else was chosen meanwhile, the focus went with the panel. The link that opened it is looked up
      // and not remembered: where the panel covers the page, the browser has taken the focus from it long before.
      const lost = document.activeElement === null || document.activeElement === document.body;
      const link = document.querySelector<HTMLElement>(`[data-slot="page"] a[href="/todos/${todoId}"]`);
      if (lost) link?.focus({ preventScroll: true });
    };
  }, [todoId]);

  function handleKeyDown(event: KeyboardEvent) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    router.back();
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a shortcut for its own Close button
    <section
      ref={panel}
      data-slot="panel"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={handleKeyDown}
      className={look}
    >
      {/* Where it covers the page, the page's own heading is out of reach. */}
      <h1 className="sr-only panel:hidden">{label}</h1>
      <div className="flex justify-end pb-1">
        <IconButton icon={CrossIcon} label="Close" onClick={() => router.back()} className="-mr-2" />
      </div>
      {children}
    </section>
  );
}
