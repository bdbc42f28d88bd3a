import { createHash, randomBytes } from "node:crypto";

/** A new opaque secret: 256 random bits as base64url. Goes to the person; only its hash is kept. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** SHA-256 as lower-case hex: what the database keeps of a token. A fast hash is right for 256 random bits. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
