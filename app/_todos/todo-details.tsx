import { HistoryFreshness } from "@/app/_todos/history-freshness";
import type { TodoDetailsData } from "@/app/_todos/read-todo-details";
import { TodoEditor } from "@/app/_todos/todo-editor";
import { TodoHistory } from "@/app/_todos/todo-history";

type TodoDetailsProps = TodoDetailsData & {
  /** The level of its title: a page's own, or one below the page's that it stands beside. */
  heading: "h1" | "h2";
};

/** A todo to be edited, and what happened to it. */
export function TodoDetails({ todo, history, tags, clock, timeZone, heading }: TodoDetailsProps) {
  const Section = heading === "h1" ? "h2" : "h3";
  return (
    <>
      <TodoEditor key={todo.id} todo={todo} clock={clock} knownTags={tags} heading={heading} />
      <section aria-labelledby="history" className="mt-8 border-t border-line pt-4">
        <div className="flex items-baseline gap-3 pb-2">
          <Section id="history" className="font-strong">
            History
          </Section>
          <HistoryFreshness todo={todo} />
        </div>
        <TodoHistory todo={todo} entries={history} timeZone={timeZone} clock={clock} />
      </section>
    </>
  );
}
