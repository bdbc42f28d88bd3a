import Link from "next/link";
import { examples } from "@/app/_query/examples";
import { ChevronIcon } from "@/app/_ui/icons";

/** How to ask for todos, each line with examples that can be tried. */
export function QueryHelp() {
  return (
    <details className="group/help mb-4 text-meta">
      <summary className="inline-flex min-h-7 cursor-pointer list-none items-center gap-1 -ml-0.5 rounded-control text-faint hover:text-ink pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
        <ChevronIcon className="size-4 transition-transform group-open/help:rotate-180" />
        What you can ask for
      </summary>
      <dl className="mt-1 grid gap-x-6 rounded-control border border-line p-4 sm:gap-y-2 sm:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        {examples.map(({ queries, finds }) => (
          <div key={finds} className="contents">
            <dt className="flex flex-wrap items-start gap-x-3">
              {queries.map((query) => (
                <Link
                  key={query}
                  href={`/search?q=${encodeURIComponent(query)}`}
                  prefetch={false}
                  className="inline-flex min-h-6 items-center text-accent underline underline-offset-2 wrap-anywhere pointer-coarse:min-h-9"
                >
                  {query}
                </Link>
              ))}
            </dt>
            <dd className="pb-2 text-soft sm:pt-0.5 sm:pb-0">{finds}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
