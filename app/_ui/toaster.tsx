"use client";

import { useEffect, useRef, useState, type FocusEvent } from "react";
import { Button } from "@/app/_ui/button";
import { cx } from "@/app/_ui/cx";
import { CrossIcon } from "@/app/_ui/icons";
import { IconButton } from "@/app/_ui/icon-button";
import { visibleToasts, type Toast } from "@/app/_ui/toast-state";
import { useToastList, useToasts } from "@/app/_ui/toasts";

const lifetimeMs = 8000;

/** The region in which toasts appear. It stands on the page from the start, or its first message is not read out. */
export function Toaster() {
  const toasts = useToastList();
  const { show, dismiss } = useToasts();
  const [held, setHeld] = useState(false);
  const cameFrom = useRef<Element | null>(null);

  function leave(toast: Toast) {
    dismiss(toast.id);
    // The button just pressed is gone: the focus goes back to where it was before it came here.
    if (cameFrom.current instanceof HTMLElement && cameFrom.current.isConnected) cameFrom.current.focus();
  }

  async function runAction(toast: Toast) {
    if (!toast.action) return;
    leave(toast);
    try {
      await toast.action.run();
    } catch {
      show({ tone: "danger", text: `${toast.action.label} did not work. Please try again.` });
    }
  }

  function handleFocus(event: FocusEvent<HTMLElement>) {
    if (!event.currentTarget.contains(event.relatedTarget)) cameFrom.current = event.relatedTarget;
    setHeld(true);
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only holds the countdown
    <section
      data-slot="toaster"
      aria-label="Messages"
      className="pointer-events-none fixed right-0 bottom-bottom-bar left-sidebar z-30 p-4"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={handleFocus}
      onBlur={() => setHeld(false)}
    >
      {toasts.map((toast) => (
        <Countdown key={toast.id} held={held} onEnd={() => dismiss(toast.id)} />
      ))}
      <div role="status" className="mx-auto grid max-w-112 gap-2">
        {visibleToasts(toasts).map((toast) => (
          <div
            key={toast.id}
            data-slot="toast"
            className={cx(
              "pointer-events-auto flex min-h-12 animate-rise items-center gap-2 rounded-panel bg-surface py-1.5 pr-2 pl-4 shadow-float",
              toast.tone === "danger" && "text-danger",
            )}
          >
            <span className="line-clamp-3 min-w-0 flex-1 wrap-anywhere">{toast.text}</span>
            {toast.action && (
              <Button
                variant="quiet"
                size="small"
                className="text-accent"
                onClick={() => void runAction(toast)}
              >
                {toast.action.label}
              </Button>
            )}
            <IconButton icon={CrossIcon} label="Dismiss" onClick={() => leave(toast)} />
          </div>
        ))}
      </div>
    </section>
  );
}

/** Ends after the lifetime of a toast, not counting the time in which it is held. */
function Countdown({ held, onEnd }: { held: boolean; onEnd: () => void }) {
  const remainingMs = useRef(lifetimeMs);
  const end = useRef(onEnd);
  useEffect(() => {
    end.current = onEnd;
  });
  useEffect(() => {
    if (held) return undefined;
    const startedAt = performance.now();
    const timer = setTimeout(() => end.current(), remainingMs.current);
    return () => {
      clearTimeout(timer);
      remainingMs.current -= performance.now() - startedAt;
    };
  }, [held]);
  return null;
}
