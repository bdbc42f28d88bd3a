import { cookies } from "next/headers";
import { CairnMark } from "@/app/_ui/cairn-mark";
import { RingMark, type RingPriority } from "@/app/_ui/check-ring";
import { Chip } from "@/app/_ui/chip";
import { cx } from "@/app/_ui/cx";
import { LinkButton } from "@/app/_ui/link-button";
import { sessionCookieName } from "@/lib/auth/cookie";
import { siteOrigin } from "@/lib/env";

/** What Cairn is, and the way in. It asks nothing of the database: whether a cookie is there is enough to choose a link. */
export default async function LandingPage() {
  const hasSession = (await cookies()).has(sessionCookieName(siteOrigin().startsWith("https:")));
  return (
    <div className="mx-auto flex min-h-dvh max-w-wide flex-col px-4 md:px-8">
      <header className="flex items-center gap-2 py-4">
        <CairnMark className="size-7 text-accent" />
        <span className="flex-1 text-item font-strong">Cairn</span>
        {!hasSession && (
          <LinkButton href="/sign-in" prefetch={false} variant="quiet">
            Sign in
          </LinkButton>
        )}
      </header>
      <main className="grid flex-1 content-center items-center gap-12 py-12 md:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
        <div className="grid justify-items-start gap-4">
          <h1 className="text-page font-strong text-balance">
            A calm place for everything you must not forget
          </h1>
          <p className="max-w-100 text-item text-pretty text-soft">
            Cairn is a todo list. You write a thing down once, it shows up on the day it matters, and it stays
            until you are done with it.
          </p>
          <ul className="grid list-disc gap-1 pl-5 text-soft marker:text-accent">
            <li>Adding takes one line and Enter.</li>
            <li>Completing and deleting can be undone, and what you delete waits in the trash.</li>
            <li>It works by keyboard alone, and with scripts switched off.</li>
          </ul>
          <div className="flex flex-wrap gap-2 pt-2">
            {hasSession ? (
              <LinkButton href="/today" prefetch={false} variant="primary">
                Open your list
              </LinkButton>
            ) : (
              <LinkButton href="/sign-up" prefetch={false} variant="primary">
                Create account
              </LinkButton>
            )}
          </div>
        </div>
        <Preview />
      </main>
      <footer className="py-6 text-meta text-faint">Free software under the MIT licence.</footer>
    </div>
  );
}

type PreviewTodo = {
  title: string;
  priority: RingPriority;
  due: string;
  tag: string;
  colour: string;
  overdue?: boolean;
  done?: boolean;
};

const previewTodos: readonly PreviewTodo[] = [
  {
    title: "Renew the passport",
    priority: 5,
    due: "Yesterday",
    tag: "home",
    colour: "#b0803a",
    overdue: true,
  },
  { title: "Send the offer to Mira", priority: 4, due: "10:00", tag: "work", colour: "#3a6ea5" },
  { title: "Book the dentist", priority: 3, due: "Today", tag: "health", colour: "#4a8f6d" },
  { title: "Water the tomatoes", priority: 1, due: "Today", tag: "garden", colour: "#7a9a3a" },
  { title: "Call grandmother", priority: 2, due: "Today", tag: "family", colour: "#a5577a", done: true },
];

/** A drawing of the list in the list's own parts; a picture to everyone, so it has one description and no controls. */
function Preview() {
  return (
    <div
      role="img"
      aria-label="Cairn's page for today: five todos with their priority, due time and tag; one is overdue, one is done."
      className="rounded-panel bg-surface p-4 shadow-float select-none md:p-6"
    >
      <p className="flex items-baseline gap-3 pb-3 text-item font-strong">
        Today <span className="text-body font-normal text-faint">4</span>
      </p>
      {previewTodos.map((todo) => (
        <div key={todo.title} className="flex h-row items-center gap-3">
          <RingMark checked={todo.done ?? false} priority={todo.priority} />
          <span className={cx("min-w-0 flex-1 truncate", todo.done && "text-faint line-through")}>
            {todo.title}
          </span>
          <span className={cx("text-meta", todo.overdue ? "text-danger" : "text-faint")}>{todo.due}</span>
          <Chip dot={todo.colour} className="max-sm:hidden">
            {todo.tag}
          </Chip>
        </div>
      ))}
    </div>
  );
}
