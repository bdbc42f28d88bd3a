/** A value that the database gave, and the etag that it has there. */
export type Remembered = { etag: string; value: unknown };

/** What was last read under each key; only the database knows whether it is still true, so it is asked with the etag. */
export type Memory = {
  recall(key: string): Remembered | undefined;
  remember(key: string, remembered: Remembered): void;
};

/**
 * Makes a memory that forgets what was not recalled for longest. What is recalled is the very value that was remembered,
 * and others get it too: it is left as it is.
 * @param entriesMax how much it holds
 */
export function createMemory(entriesMax: number): Memory {
  // A map goes through its keys in the order in which they were set.
  const entries = new Map<string, Remembered>();
  return {
    recall(key) {
      const found = entries.get(key);
      if (found !== undefined) {
        entries.delete(key);
        entries.set(key, found);
      }
      return found;
    },
    remember(key, remembered) {
      entries.delete(key);
      entries.set(key, remembered);
      const [oldest] = entries.keys();
      if (entries.size > entriesMax && oldest !== undefined) entries.delete(oldest);
    },
  };
}
