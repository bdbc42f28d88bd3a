import type { Metadata } from "next";
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
import type { MarkedPart, SearchHit } from "@/lib/search/types";
import { SearchForm } from "./search-form";

export const metadata: Metadata = { title: "Search" };

export default signedInPage<PageProps<"/search">>(async (scope, { searchParams }) => {
  const { text, query, problem } = parseSearchQuery(await searchParams);
  const readAt = Date.now();
  const [{ today, localTime }, { hits }] = await Promise.all([
    scope.actor(),
    query === null ? { hits: [] } : searchTodos(scope, { query }),
  ]);
  return (
    <PageColumn>
      <PageHeader
        title="Search"
        count={query === null ? undefined : hits.length}
        countLabel={`${countText(hits.length)} found`}
      />
      <SearchForm
        text={text}
        problem={problem?.message ?? null}
        place={problem && <ProblemPlace text={text} problem={problem} />}
      />
      <QueryHelp />
      {query !== null && <Hits text={text} hits={hits} readAt={readAt} clock={{ today, time: localTime }} />}
      {query === null && problem === null && (
        <EmptyState title="Find any todo">Type a few of its words, or what else you know of it.</EmptyState>
      )}
    </PageColumn>
  );
});

type HitsProps = { text: string; hits: readonly SearchHit[]; readAt: number; clock: Clock };

function Hits({ text, hits, readAt, clock }: HitsProps) {
  if (hits.length === 0) {
    return (
      <EmptyState title={`Nothing found for “${text.trim()}”`}>
        Try fewer or other words. What is in the trash is not searched.
      </EmptyState>
    );
  }
  return (
    <TodoList
      rows={hits}
      readAt={readAt}
      view={{ kind: "fixed" }}
      clock={clock}
      label="Found todos"
      marks={Object.fromEntries(hits.map((hit) => [hit.id, marksOf(hit)]))}
      empty={null}
    />
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
