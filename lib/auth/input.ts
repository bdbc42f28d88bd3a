import { z } from "zod";
import { EMAIL_MAX, PASSWORD_MAX, PASSWORD_MIN, PERSON_NAME_MAX } from "../db/limits";
import { isTimeZone } from "../settings/time-zones";
import { codePointLength, singleLine } from "../text";

const EMAIL_MESSAGE = "Enter an e-mail address such as ada@example.com.";

/** An e-mail address as users.email holds it: without spaces around it, NFC, lower-case. */
export function normaliseEmail(text: string): string {
  return text.trim().normalize("NFC").toLowerCase();
}

const emailInput = z
  .string({ error: EMAIL_MESSAGE })
  .transform(normaliseEmail)
  .pipe(
    z
      .string()
      .min(1, { error: "Enter your e-mail address.", abort: true })
      .max(EMAIL_MAX, { error: `Use an e-mail address of at most ${EMAIL_MAX} characters.`, abort: true })
      .pipe(z.email({ error: EMAIL_MESSAGE })),
  );

/** A password that is being chosen: any characters at all, counted as people see them, in Unicode code points. */
const newPassword = z
  .string({ error: "Choose a password." })
  .min(1, { error: "Choose a password.", abort: true })
  .refine((text) => codePointLength(text) >= PASSWORD_MIN, {
    error: `Use at least ${PASSWORD_MIN} characters.`,
    abort: true,
  })
  .refine((text) => codePointLength(text) <= PASSWORD_MAX, {
    error: `Use at most ${PASSWORD_MAX} characters.`,
  });

/** The browser's time zone; one that is unknown here is left out, as nobody typed it. */
const browserTimeZone = z
  .string()
  .optional()
  .transform((name) => (name !== undefined && isTimeZone(name) ? name : undefined));

/** Where to go afterwards, unchecked: safeNext decides. */
const nextInput = z.string().optional();

export const signUpInput = z.object({
  name: singleLine(PERSON_NAME_MAX, { required: "Enter your name." }),
  email: emailInput,
  password: newPassword,
  timeZone: browserTimeZone,
  next: nextInput,
});
export type SignUp = z.output<typeof signUpInput>;

/** A password that is being checked is only bounded: what is wrong with it is not said. */
export const signInInput = z.object({
  email: emailInput,
  password: z
    .string({ error: "Enter your password." })
    .min(1, { error: "Enter your password.", abort: true })
    .refine((text) => codePointLength(text) <= PASSWORD_MAX, {
      error: `Use at most ${PASSWORD_MAX} characters.`,
    }),
  next: nextInput,
});
export type SignIn = z.output<typeof signInInput>;

export const signOutInput = z.object({});
