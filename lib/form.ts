/** What a form's fields said, as text, so that a refused form can be shown again with all that was typed. Client-safe. */
export type FormValues = Record<string, string | string[]>;

/**
 * Reads a submitted form: one text per field, or a list for names that end in "[]" (given without the brackets).
 * React's own "$ACTION…" fields and files are left out; line ends become "\n", as they were typed.
 */
export function readForm(form: FormData): FormValues {
  const values: FormValues = {};
  for (const name of new Set(form.keys())) {
    if (name.startsWith("$ACTION")) continue;
    const texts = form
      .getAll(name)
      .filter((value) => typeof value === "string")
      .map((value) => value.replaceAll("\r\n", "\n"));
    if (texts.length === 0) continue;
    if (name.endsWith("[]")) values[name.slice(0, -2)] = texts;
    else values[name] = texts.at(-1) ?? "";
  }
  return values;
}

/** Bytes that the values of a form take as UTF-8. */
export function formBytes(values: FormValues): number {
  const encoder = new TextEncoder();
  return Object.values(values)
    .flat()
    .reduce((sum, text) => sum + encoder.encode(text).length, 0);
}

/** The values that may travel back to the page: everything but secrets. */
export function echoedValues(values: FormValues): FormValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !/password|token/i.test(name)));
}
