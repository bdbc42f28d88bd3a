/** For useSyncExternalStore, of what differs between server and browser and then stays. */
export function subscribeToNothing(): () => void {
  return () => {};
}
