/** A value that the database gave, and the etag that it has there. */
export type Remembered = { readonly etag: string; readonly value: unknown };

/** What was last read under each key; only the database knows whether it is still true, so it is asked with the etag. */
export type Memory = {
  recall(key: string): Remembered | undefined;
  remember(key: string, remembered: Remembered): void;
};

/**
 * Makes a memory that forgets what was not recalled for longest. What is recalled is the very value that was remembered,
 * and others get it too: it is left as it is.
 * @param lengthMax of all values together, as JSON; a value that is longer than a hundredth of it is not remembered
 */
export function createMemory(lengthMax: number): Memory {
  // A map goes through its keys in the order in which they were set.
  const entries = new Map<string, Remembered & { length: number }>();
  let lengthOfAll = 0;
  function forget(key: string): void {
    lengthOfAll -= entries.get(key)?.length ?? 0;
    entries.delete(key);
  }
  return {
    recall(key) {
      const found = entries.get(key);
      if (found !== undefined) {
        entries.delete(key);
        entries.set(key, found);
      }
      return found;
    },
    remember(key, { etag, value }) {
      forget(key);
      const { length } = JSON.stringify(value);
      if (length > lengthMax / 100) return;
      entries.set(key, { etag, value, length });
      lengthOfAll += length;
      for (const oldest of entries.keys()) {
        if (lengthOfAll <= lengthMax) break;
        forget(oldest);
      }
    },
  };
}
