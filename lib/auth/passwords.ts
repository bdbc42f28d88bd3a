import { hash, verify } from "@node-rs/argon2";

/** Argon2id by the OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane. About 10 ms off the event loop. */
export const PASSWORD_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * The hash of a password that nobody knows, at the same cost. Verifying against it makes an e-mail without an account
 * take as long as a wrong password.
 */
export const UNKNOWN_PASSWORD_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$zvlldufZg75wQNvBdPgJRg$YwTDxAFbtC2kBikAewjmKiwWhkboVsdduB/NH1JDRqA";

/**
 * Makes what is stored of a password: an argon2id PHC string. The password is normalised first (NFKC, as NIST
 * SP 800-63B §3.1.1.2 advises), so that it is the same one on every keyboard and system.
 */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize("NFKC"), PASSWORD_COST);
}

/**
 * Whether a password is the one that was hashed. Without a hash it is wrong, and that takes the same time to find out.
 */
export async function verifyPassword(password: string, passwordHash: string | null): Promise<boolean> {
  const right = await verify(passwordHash ?? UNKNOWN_PASSWORD_HASH, password.normalize("NFKC"));
  return right && passwordHash !== null;
}
