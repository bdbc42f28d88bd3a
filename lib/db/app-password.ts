import { hkdfSync } from "node:crypto";

/**
 * The password of the database role app_user, derived from AUTH_SECRET (HKDF-SHA256, RFC 5869), so that a deployment
 * needs DATABASE_URL and AUTH_SECRET and no third secret. 43 characters of base64url: 256 bits.
 */
export function appUserPassword(authSecret: string): string {
  return Buffer.from(hkdfSync("sha256", authSecret, "", "cairn/app_user/password/v1", 32)).toString(
    "base64url",
  );
}
