/** Asking for random bytes takes longer than all else of an id, however few they are. */
const RANDOM_BYTES = 2048;
let random = new Uint8Array(0);

function sixteenRandomBytes(): Uint8Array<ArrayBuffer> {
  if (random.length === 0) random = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  const bytes = random.slice(0, 16);
  random = random.subarray(16);
  return bytes;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * The one place where ids are made: UUIDv7 (RFC 9562 §5.7), so that a batch can write a row and what hangs on it
 * without waiting for the database, a repeated create is the same create, and ids sort by their time of making.
 * Runs in the browser and on the server.
 * @param now milliseconds since the epoch
 */
export function newId(now: number = Date.now()): string {
  const bytes = sixteenRandomBytes();
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  let hex = "";
  for (const byte of bytes) hex += HEX[byte];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** When an id was made, in milliseconds since the epoch; of what isId. */
export function madeAt(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text from outside has the form of an id, so that a malformed one is "not found" and never an SQL error. */
export function isId(text: unknown): text is string {
  return typeof text === "string" && UUID.test(text);
}
