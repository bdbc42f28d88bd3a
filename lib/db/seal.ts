import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/**
 * Seals texts that travel through addresses for one session alone: nobody else can read, change or use them, and they
 * are opened for the very purpose only that they were sealed for.
 */
export type Seal = {
  seal(text: string, purpose: string): string;
  /** Null for whatever this session did not seal for this purpose. */
  open(sealed: string, purpose: string): string | null;
};

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^[\w-]{38,4000}$/;

/** Makes the seal of a session. @param tokenHash which only the request that carries its cookie knows */
export function createSeal(tokenHash: string): Seal {
  const key = Buffer.from(hkdfSync("sha256", tokenHash, "", "cairn address seal", 32));
  return {
    seal(text, purpose) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(purpose));
      const sealed = [nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(sealed).toString("base64url");
    },
    open(sealed, purpose) {
      const bytes = Buffer.from(sealed, "base64url");
      // Of several ways to write the same bytes only the one that seal() writes is taken.
      if (!SEALED.test(sealed) || bytes.toString("base64url") !== sealed) return null;
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(purpose));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString("utf8");
      } catch {
        return null;
      }
    },
  };
}
