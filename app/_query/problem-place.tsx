import type { QueryProblem } from "@/lib/query/types";

const BEFORE_MAX = 60;
const MARKED_MAX = 80;
const AFTER_MAX = 40;

/** What was typed once more, with the stretch marked that could not be understood; long texts around it are cut. */
export function ProblemPlace({ text, problem: { from, to } }: { text: string; problem: QueryProblem }) {
  const before = text.slice(Math.max(0, from - BEFORE_MAX), from);
  const marked = text.slice(from, Math.min(to, from + MARKED_MAX));
  const after = text.slice(to, to + AFTER_MAX);
  return (
    <>
      <span className="sr-only"> It is about “{drawn(marked)}”.</span>
      <span aria-hidden dir="auto" className="mt-0.5 block wrap-anywhere whitespace-pre-wrap text-soft">
        {from > BEFORE_MAX && "…"}
        {drawn(before)}
        <mark className="rounded-small bg-danger-soft text-danger underline decoration-wavy underline-offset-2">
          {drawn(marked)}
          {to - from > MARKED_MAX && "…"}
        </mark>
        {drawn(after)}
        {text.length - to > AFTER_MAX && "…"}
      </span>
    </>
  );
}

/** Control characters, and halves of characters that a cut left over, made visible. */
function drawn(text: string): string {
  return text.replaceAll(/(?!\s)[\p{Cc}\p{Cs}]/gu, "\ufffd");
}
