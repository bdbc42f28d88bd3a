import { z } from "zod";
import { TAG_NAME_MAX } from "./db/limits";

/**
 * The rules that every text of a person follows, once. Whatever they let through is stored exactly; what they cannot
 * keep, or what nobody could see, they refuse in a sentence. Client-safe.
 */
type TextOptions = {
  /** The sentence for a text without a visible character. Absent: the text may be empty. */
  required?: string;
};

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
// oxlint-disable-next-line no-control-regex -- likewise; a text of several lines has line ends and tabs
const CONTROL_BUT_LINES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
/** Anything but white space, control characters and what is drawn as nothing (zero-width space, bidi marks …). */
const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Z}]/u;

/** A text of one line: trimmed, at most `max` characters. */
export function singleLine(max: number, options: TextOptions = {}) {
  return z
    .string({ error: options.required ?? "Enter a text." })
    .overwrite((text) => text.trim())
    .check(textCheck(max, CONTROL, options));
}

/** A text of any number of lines: trimmed, at most `max` characters, lines end with "\n". */
export function multiLine(max: number, options: TextOptions = {}) {
  return z
    .string({ error: options.required ?? "Enter a text." })
    .overwrite((text) => text.replaceAll("\r\n", "\n").trim())
    .check(textCheck(max, CONTROL_BUT_LINES, options));
}

/**
 * A tag's name: NFC, so that two ways to write the same letters are one name; white space within it is one space; no
 * comma, because names are typed as a list with commas.
 */
export function tagName() {
  return z
    .string({ error: "Enter a name." })
    .overwrite((text) => text.trim().replaceAll(/\s+/g, " ").normalize("NFC"))
    .check(textCheck(TAG_NAME_MAX, CONTROL, { required: "Enter a name." }))
    .refine((name) => !name.includes(","), { error: "A tag's name cannot contain a comma." });
}

/** How many characters PostgreSQL's char_length counts: Unicode code points, not UTF-16 units. */
export function codePointLength(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

function textCheck(max: number, forbidden: RegExp, { required }: TextOptions) {
  return (context: { value: string; issues: z.core.$ZodRawIssue[] }) => {
    const text = context.value;
    const refuse = (message: string) => context.issues.push({ code: "custom", message, input: text });

    if (required !== undefined && !VISIBLE.test(text)) refuse(required);
    const length = codePointLength(text);
    if (length > max) {
      refuse(`Use at most ${max.toLocaleString("en")} characters; this has ${length.toLocaleString("en")}.`);
    }
    const character = forbidden.exec(text)?.[0];
    if (character !== undefined || !text.isWellFormed()) {
      const line = character === "\n" || character === "\t";
      refuse(
        line
          ? "Use one line, without tabs."
          : "This contains a character that cannot be stored. Remove it and try again.",
      );
    }
  };
}
