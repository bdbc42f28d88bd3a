import type { Metadata } from "next";
import Link from "next/link";
import { ProblemPlace } from "@/app/_query/problem-place";
import { QueryHelp } from "@/app/_query/query-help";
import { TodoList } from "@/app/_todos/todo-list";
import type { RowMarks } from "@/app/_todos/todo-row";
import { countText } from "@/app/_ui/count";
import { EmptyState } from "@/app/_ui/empty-state";
import { PageColumn } from "@/app/_ui/page-column";
import { PageHeader } from "@/app/_ui/page-header";
import { signedInPage } from "@/app/_ui/signed-in-page";
import type { Clock } from "@/app/_todos/due";
import { parseSearchQuery } from "@/lib/search/input";
import { searchTodos } from "@/lib/search/repository";
import type { MarkedPart, SearchHit, SearchResult } from "@/lib/search/types";
import { SearchForm } from "./search-form";

export const metadata: Metadata = { title: "Search" };

export default signedInPage<PageProps<"/search">>(async (scope, { searchParams }) => {
  const { text, query, problem } = parseSearchQuery(await searchParams);
  const readAt = Date.now();
  const [{ today, localTime }, result] = await Promise.all([
    scope.actor(),
    query === null ? null : searchTodos(scope, { query }),
  ]);
  return (
    <PageColumn>
      <PageHeader
        title="Search"
        count={result?.count}
        moreCount={result?.more}
        countLabel={result ? `${countText(result.count, result.more)} found` : undefined}
      />
      <SearchForm
        text={text}
        problem={problem?.message ?? null}
        place={problem && <ProblemPlace text={text} problem={problem} />}
      />
      <QueryHelp />
      {result && <Found text={text} result={result} readAt={readAt} clock={{ today, time: localTime }} />}
      {query === null && problem === null && (
        <EmptyState title="Find any todo">Type a few of its words, or what else you know of it.</EmptyState>
      )}
    </PageColumn>
  );
});

type FoundProps = { text: string; result: SearchResult; readAt: number; clock: Clock };

function Found({ text, result, readAt, clock }: FoundProps) {
  const { hits, count, more, suggestion } = result;
  if (hits.length === 0) {
    return (
      <EmptyState
        title={`Nothing found for “${text.trim()}”`}
        action={suggestion && <Suggestion query={suggestion.query} count={suggestion.count} />}
      >
        Try fewer or other words. What is in the trash is not searched.
      </EmptyState>
    );
  }
  return (
    <>
      <TodoList
        rows={hits}
        readAt={readAt}
        view={{ kind: "fixed" }}
        clock={clock}
        label="Found todos"
        marks={Object.fromEntries(hits.map((hit) => [hit.id, marksOf(hit)]))}
        empty={null}
      />
      {(more || count > hits.length) && (
        <p className="pt-6 text-center text-meta text-faint">
          These are the {hits.length} best of {countText(count, more)}. More words find fewer.
        </p>
      )}
    </>
  );
}

/** The nearest spelling that finds something. A space after it says that its last word is whole. */
function Suggestion({ query, count }: { query: string; count: number }) {
  return (
    <p>
      Did you mean{" "}
      <Link
        href={`/search?q=${encodeURIComponent(`${query} `)}`}
        prefetch={false}
        className="font-strong text-accent underline underline-offset-2 wrap-anywhere"
      >
        {query}
      </Link>
      ? ({countText(count)} {count === 1 ? "todo" : "todos"})
    </p>
  );
}

function marksOf({ titleParts, descriptionParts }: SearchHit): RowMarks {
  return {
    title: <Marked parts={titleParts} />,
    excerpt: descriptionParts.length > 0 ? <Marked parts={descriptionParts} /> : undefined,
  };
}

/** A text with the words that were looked for marked. */
function Marked({ parts }: { parts: readonly MarkedPart[] }) {
  return parts.map(({ text, marked }, index) =>
    // The parts of one text never change places.
    // oxlint-disable-next-line react/no-array-index-key -- see above
    marked ? (
      <mark key={index} className="rounded-small bg-accent-soft text-accent">
        {text}
      </mark>
    ) : (
      <span key={index}>{text}</span>
    ),
  );
}
