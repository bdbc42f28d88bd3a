/** The endings of English words that the stemmer cuts off. */
const ENDINGS = [
  "ing",
  "ings",
  "ed",
  "er",
  "es",
  "ies",
  "ly",
  "ment",
  "ments",
  "ness",
  "ation",
  "ations",
  "ion",
];
const DOUBLING = new Set(["ing", "ed", "er"]);
/** Shorter texts are on their way to too many words; what begins with their own letters is found anyway. */
const LENGTH_MIN = 3;

/**
 * The words that a text which is still being typed may become: itself, and itself with the rest of an ending that it has
 * begun ("meeti" → "meeting") or that a doubled consonant announces ("runn" → "running").
 */
export function wordForms(text: string): string[] {
  if (text.length < LENGTH_MIN || !/^[\p{L}\p{M}]+$/u.test(text)) return [text];
  const lower = text.toLowerCase();
  const doubled = /([b-df-hj-np-tv-z])\1$/.test(lower);
  const forms = ENDINGS.flatMap((ending) =>
    Array.from({ length: ending.length }, (_, begun) => begun)
      .filter((begun) =>
        begun === 0 ? doubled && DOUBLING.has(ending) : lower.endsWith(ending.slice(0, begun)),
      )
      .map((begun) => text + ending.slice(begun)),
  );
  return [...new Set([text, ...forms])];
}
