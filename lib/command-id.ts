import { createHmac } from "node:crypto";
import { isId, madeAt } from "./db/id";
import { COMMAND_KEY_MINUTES_MAX } from "./db/limits";

/**
 * The id of the command that a browser calls by a key: a UUIDv7 that it makes for each click and sends with each try, so
 * that a write whose reply was lost is the same command when it is sent again, and undone as that.
 *
 * Nothing that a browser says is believed. The id is made of the key and the session: whatever is sent, it is nobody
 * else's command, and no command that any list or answer ever named. The key's moment is kept, because activity is
 * listed by it, and so must be now: what is done is not to be put where nobody looks.
 * @param key as it came
 * @returns undefined for what is no such key
 */
export function commandIdOf(key: unknown, tokenHash: string, now: Date): string | undefined {
  if (!isId(key)) return undefined;
  if (Math.abs(madeAt(key) - now.getTime()) > COMMAND_KEY_MINUTES_MAX * 60_000) return undefined;
  const hash = createHmac("sha256", tokenHash).update(`cairn command ${key}`).digest("hex");
  return `${key.slice(0, 13)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}
