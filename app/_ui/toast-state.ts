export type ToastAction = { label: string; run: () => void | Promise<void> };

export type Toast = {
  id: number;
  text: string;
  tone: "info" | "danger";
  action?: ToastAction | undefined;
};

export type ToastEvent = { type: "show"; toast: Toast } | { type: "dismiss"; id: number };

/** More than anyone can take back; the oldest fall out. */
const maximumToasts = 20;

/** The toasts after an event, oldest first. */
export function toastReducer(toasts: readonly Toast[], event: ToastEvent): readonly Toast[] {
  if (event.type === "show") return [...toasts, event.toast].slice(-maximumToasts);
  const left = toasts.filter((toast) => toast.id !== event.id);
  return left.length === toasts.length ? toasts : left;
}

/**
 * The toasts to show: the newest, and the newest refusal if a later success would cover it. The others wait behind, each
 * with its own time, and come forward when the newer ones go: so Undo is on the screen once, for the last thing done.
 */
export function visibleToasts(toasts: readonly Toast[]): readonly Toast[] {
  const newest = toasts.at(-1);
  const refusal = toasts.findLast((toast) => toast.tone === "danger");
  return [...new Set([refusal, newest])].filter((toast) => toast !== undefined);
}
