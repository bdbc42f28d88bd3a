"use client";

import { useSyncExternalStore } from "react";
import { toastReducer, type Toast, type ToastAction, type ToastEvent } from "@/app/_ui/toast-state";

// A store outside React: a toast shown in the middle of a transition must paint at once, not when the transition ends.
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();
const none: readonly Toast[] = [];

function dispatch(event: ToastEvent) {
  toasts = toastReducer(toasts, event);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

type NewToast = { text: string; tone?: Toast["tone"]; action?: ToastAction };

function show({ tone = "info", ...toast }: NewToast): number {
  lastId += 1;
  dispatch({ type: "show", toast: { ...toast, tone, id: lastId } });
  return lastId;
}

function dismiss(id: number) {
  dispatch({ type: "dismiss", id });
}

const commands = { show, dismiss };

/**
 * Shows short messages at the foot of the page: `useToasts().show({ text, action: { label: "Undo", run } })`.
 * A message stays 8 seconds, longer while it is hovered or focused.
 */
export function useToasts(): typeof commands {
  return commands;
}

/** The messages under way, oldest first; for the region that shows them. */
export function useToastList(): readonly Toast[] {
  return useSyncExternalStore(
    subscribe,
    () => toasts,
    () => none,
  );
}
