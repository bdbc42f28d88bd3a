import { describe, expect, it } from "vitest";
import { fieldErrors } from "@/lib/result";
import { signInInput, signUpInput } from "@/lib/auth/input";

const good = { name: "Ada", email: "ada@example.com", password: "eight ch" };

function problems(more: Record<string, unknown>) {
  const parsed = signUpInput.safeParse({ ...good, ...more });
  return parsed.success ? null : fieldErrors(parsed.error);
}

/** An e-mail address of that many characters. */
function long(length: number) {
  return `${"a".repeat(length - "@example.com".length)}@example.com`;
}

describe("the sign-up form", () => {
  it.each([
    ["spaces and capitals", "  Ada@Example.COM ", "ada@example.com"],
    ["a letter that only NFC knows as ASCII", "\u212Aelvin@example.com", "kelvin@example.com"],
    ["plus and dots", "ada.l+todo@sub.example.co", "ada.l+todo@sub.example.co"],
  ])("normalises an e-mail address with %s", (_case, typed, kept) => {
    expect(signUpInput.parse({ ...good, email: typed }).email).toBe(kept);
  });

  it.each(["", " ", "ada", "ada@", "@example.com", "ada@example", "a b@example.com", "ada@ex\0ample.com"])(
    "asks for an e-mail address in place of %j",
    (email) => {
      expect(problems({ email })).toEqual({ email: [expect.stringMatching(/^Enter /)] });
    },
  );

  it("refuses an e-mail address of more than 254 characters, and takes one of 254", () => {
    expect(problems({ email: long(254) })).toBeNull();
    expect(problems({ email: long(255) })).toEqual({
      email: ["Use an e-mail address of at most 254 characters."],
    });
  });

  it.each([
    ["nothing", "", "Choose a password."],
    ["7 characters", "🪨".repeat(7), "Use at least 8 characters."],
    ["257 characters", "a".repeat(257), "Use at most 256 characters."],
  ])("refuses a password of %s in one sentence", (_case, password, message) => {
    expect(problems({ password })).toEqual({ password: [message] });
  });

  it.each(["🪨".repeat(8), "🪨".repeat(256), "        ", "\0\0\0\0\0\0\0\0"])(
    "takes any 8 to 256 characters as a password, exactly: %j",
    (password) => {
      expect(signUpInput.parse({ ...good, password }).password).toBe(password);
    },
  );

  it.each([
    ["nothing", ""],
    ["spaces", "   "],
    ["101 characters", "a".repeat(101)],
    ["a NUL", "A\0da"],
    ["half a surrogate pair", "Ada \uD83E"],
  ])("refuses a name of %s", (_case, name) => {
    expect(Object.keys(problems({ name }) ?? {})).toEqual(["name"]);
  });

  it("tells everything at once, in the order of the form", () => {
    expect(Object.keys(problems({ name: "", email: "x", password: "x" }) ?? {})).toEqual([
      "name",
      "email",
      "password",
    ]);
  });

  it.each([
    ["Europe/Berlin", "Europe/Berlin"],
    ["UTC", "UTC"],
    ["Asia/Kolkata", "Asia/Kolkata"],
    ["Asia/Calcutta", "Asia/Calcutta"],
    ["+02:00", undefined],
    ["Mars/Olympus", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("keeps the browser's time zone when it is one: %j", (timeZone, kept) => {
    expect(signUpInput.parse({ ...good, timeZone }).timeZone).toBe(kept);
  });
});

describe("the sign-in form", () => {
  it("does not tell how long passwords are here, except that endless ones are refused", () => {
    expect(signInInput.safeParse({ email: good.email, password: "x" }).success).toBe(true);
    expect(signInInput.safeParse({ email: good.email, password: "x".repeat(257) }).success).toBe(false);
  });
});
