"use client";

import { useSyncExternalStore } from "react";

/** `offline`: the device says so. `lost`: it is online, but Cairn did not answer the last request. */
export type Connection = "online" | "offline" | "lost";

let lost = false;
const listeners = new Set<() => void>();

function notify() {
  for (const listener of listeners) listener();
}

function handleDeviceChange() {
  // Back online, the last failure says nothing any more.
  if (navigator.onLine) lost = false;
  notify();
}

function subscribe(listener: () => void) {
  if (listeners.size === 0) {
    window.addEventListener("online", handleDeviceChange);
    window.addEventListener("offline", handleDeviceChange);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.removeEventListener("online", handleDeviceChange);
    window.removeEventListener("offline", handleDeviceChange);
  };
}

function read(): Connection {
  if (!navigator.onLine) return "offline";
  return lost ? "lost" : "online";
}

/** Whoever sends a request says how it went: `false` when no answer came, `true` at the next answer. */
export function reportAnswer(answered: boolean) {
  if (lost === !answered) return;
  lost = !answered;
  notify();
}

/** How the connection to Cairn stands. On the server it is always `online`. */
export function useConnection(): Connection {
  return useSyncExternalStore<Connection>(subscribe, read, () => "online");
}
