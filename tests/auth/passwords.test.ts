import { parseOptions } from "@node-rs/argon2";
import { describe, expect, it } from "vitest";
import { hashPassword, UNKNOWN_PASSWORD_HASH, verifyPassword } from "@/lib/auth/passwords";

const accented = "crème brûlée";

describe("a password", () => {
  it.each([
    ["letters", "correct horse battery staple"],
    ["control characters", "a\0b\nc\td\u0007efgh"],
    ["emoji", "🪨🪨🪨 👩‍👩‍👧‍👦 🪨"],
    ["right-to-left text", "סיסמה ארוכה מאוד"],
    ["spaces at its ends", "  spaces count  "],
    ["256 characters of 4 bytes", "🪨".repeat(256)],
  ])("is verified whatever is in it: %s", async (_case, password) => {
    const stored = await hashPassword(password);
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(password, stored)).toBe(true);
    expect(await verifyPassword(`${password} `, stored)).toBe(false);
  });

  it("is the same one however a keyboard composes its letters", async () => {
    expect(accented.normalize("NFC")).not.toBe(accented.normalize("NFD"));
    const stored = await hashPassword(accented.normalize("NFD"));
    expect(await verifyPassword(accented.normalize("NFC"), stored)).toBe(true);
  });

  it("is salted: two people with the same one have different hashes", async () => {
    expect(await hashPassword("the same one")).not.toBe(await hashPassword("the same one"));
  });

  it("is wrong without a hash, at the cost of a real one", async () => {
    expect(await verifyPassword("anything at all", null)).toBe(false);
    expect(parseOptions(UNKNOWN_PASSWORD_HASH)).toEqual(parseOptions(await hashPassword("a real one")));
  });
});
