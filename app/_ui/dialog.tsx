"use client";

import { useEffect, useId, useRef, type ReactNode } from "react";
import { cx } from "@/app/_ui/cx";
import { CrossIcon } from "@/app/_ui/icons";
import { IconButton } from "@/app/_ui/icon-button";

type DialogProps = {
  open: boolean;
  /** Called after Escape, the close button or `close()`: set `open` to false. */
  onClose: () => void;
  title: string;
  children: ReactNode;
  className?: string;
};

/**
 * The browser's modal dialog: it keeps the focus inside and gives it back. A press beside it does not close it, so that
 * nothing typed is lost; its children stay mounted while it is closed.
 */
export function Dialog({ open, onClose, title, children, className }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = ref.current;
    if (!dialog || dialog.open === open) return;
    if (open) dialog.showModal();
    else dialog.close();
  }, [open]);

  return (
    <dialog
      ref={ref}
      data-slot="dialog"
      aria-labelledby={titleId}
      onClose={onClose}
      className={cx(
        "m-auto w-[min(32rem,calc(100vw-2rem))] max-h-[calc(100dvh-2rem)] rounded-panel bg-surface p-5 shadow-float backdrop:bg-backdrop open:animate-rise",
        className,
      )}
    >
      <div className="flex items-start gap-2 pb-3">
        <h2 id={titleId} className="min-w-0 flex-1 pt-1 text-item font-strong">
          {title}
        </h2>
        <IconButton icon={CrossIcon} label="Close" onClick={onClose} className="-mt-1 -mr-2" />
      </div>
      {children}
    </dialog>
  );
}
