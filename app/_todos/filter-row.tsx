"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useId, useRef, useTransition, type FormEvent, type ReactNode } from "react";
import { useTags } from "@/app/_tags/store";
import { priorityOptions } from "@/app/_todos/priority";
import { Button } from "@/app/_ui/button";
import { cx } from "@/app/_ui/cx";
import { Spinner } from "@/app/_ui/spinner";
import { PRIORITY_HIGH, PRIORITY_MAX } from "@/lib/db/limits";
import type { TagRow } from "@/lib/tags/types";
import { DEFAULT_SORT, type StatusFilter } from "@/lib/todos/types";

type FilterRowProps = {
  /** The query of the list's address: what is chosen, without what is the standard, and without a page's cursor. */
  address: string;
  /** The status of the list when none is chosen. */
  standardStatus: StatusFilter;
  /** What narrows the list and has no field, in words. */
  words: readonly string[];
  /** Why the text is no query, in a sentence. */
  problem: string | null;
  /** Where in the text that is. */
  place: ReactNode;
  tags: readonly TagRow[];
};

const statusOptions = [
  ["open", "Open"],
  ["done", "Done"],
  ["all", "Any status"],
  ["pending", "To do"],
  ["in_progress", "In progress"],
  ["completed", "Completed"],
  ["cancelled", "Cancelled"],
] as const;
const dueOptions = [
  ["", "Any due date"],
  ["overdue", "Overdue"],
  ["today", "Today"],
  ["upcoming", "Upcoming"],
  ["any", "With a date"],
  ["none", "Without a date"],
] as const;
const sortOptions = [
  ["priority", "By priority"],
  ["due", "By due date"],
  ["created", "By creation"],
  ["updated", "By last change"],
  ["title", "By title"],
] as const;
const directionOptions = [
  ["", "Usual order"],
  ["asc", "Ascending"],
  ["desc", "Descending"],
] as const;
const priorities = [
  ["", "Any priority"],
  [`${PRIORITY_HIGH}-${PRIORITY_MAX}`, "High and urgent"],
  ...priorityOptions.map(({ value, name }) => [String(value), name] as const),
] as const;

const names = ["q", "status", "due", "priority", "tag", "sort", "direction"] as const;
const typingPauseMs = 400;

/**
 * What a list shows and in what order, as a form that leads to the address that says so: by its button without script,
 * by every choice with it.
 */
export function FilterRow(props: FilterRowProps) {
  const { address, standardStatus, words, problem, place } = props;
  const tags = useTags(props.tags);
  const problemId = useId();
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const shown = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [pending, startTransition] = useTransition();
  const query = new URLSearchParams(address);
  const chosen = (name: string) => query.get(name) ?? "";
  const values = names.map((name) => chosen(name)).join("\n");

  // A choice that was made before the script came is followed now; later, when the address changed by other ways (Back,
  // a tag's link), the fields follow it. A text that is being typed stays.
  useEffect(() => {
    const before = shown.current;
    shown.current = values;
    if (before === null) go();
    if (before === null || before === values) return;
    for (const [index, value] of values.split("\n").entries()) {
      const field = form.current?.elements.namedItem(names[index] ?? "");
      if (field instanceof HTMLSelectElement) field.value = value;
      const typing = timer.current !== undefined;
      if (field instanceof HTMLInputElement && !typing && field.value.trimStart() !== value)
        field.value = value;
    }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- what go() reads beside it is as of this render
  }, [values, form]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function go() {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (!form.current) return;
    const wanted = new URLSearchParams();
    for (const [name, value] of new FormData(form.current)) {
      // A space at the end stays: it says that the last word is whole.
      const text = typeof value === "string" ? value.trimStart() : "";
      if (text !== "") wanted.set(name, text);
    }
    wanted.sort();
    query.sort();
    if (wanted.toString() === query.toString()) return;
    startTransition(() => router.push(wanted.size > 0 ? `/todos?${wanted}` : "/todos", { scroll: false }));
  }

  function handleChange(event: FormEvent<HTMLFormElement>) {
    clearTimeout(timer.current);
    if (event.target instanceof HTMLSelectElement) go();
    else timer.current = setTimeout(go, typingPauseMs);
  }

  const choice = (name: string, label: string, options: Options) => (
    <Choice name={name} label={label} options={options} value={chosen(name)} />
  );
  return (
    <form
      ref={form}
      action="/todos"
      role="search"
      aria-label="Filter"
      // Or the browser puts back what was chosen before a reload, and the address no longer says what is shown.
      autoComplete="off"
      aria-busy={pending || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
      onChange={handleChange}
      className="mb-3 text-meta"
    >
      <div className="-mx-2 flex items-center gap-x-1 overflow-x-auto py-0.5 sm:flex-wrap">
        <input
          type="search"
          name="q"
          aria-label="Find in this list"
          aria-invalid={problem !== null || undefined}
          aria-describedby={problem === null ? undefined : problemId}
          placeholder="Find words, tag:home …"
          autoComplete="off"
          enterKeyHint="search"
          defaultValue={chosen("q")}
          className={cx(
            quiet,
            "w-36 shrink-0 px-2 placeholder:text-faint aria-invalid:outline aria-invalid:-outline-offset-1 aria-invalid:outline-danger",
            chosen("q") !== "" && active,
          )}
        />
        {choice("status", "Status", standard(statusOptions, standardStatus))}
        {choice("due", "Due", dueOptions)}
        {choice("priority", "Priority", priorities)}
        {choice("tag", "Tag", tagOptions(tags, chosen("tag")))}
        {choice("sort", "Sort", standard(sortOptions, DEFAULT_SORT))}
        {choice("direction", "Direction", directionOptions)}
        {[...query].map(
          ([name, value]) =>
            !names.some((known) => known === name) && (
              <input key={name} type="hidden" name={name} value={value} />
            ),
        )}
        {words.map((word) => (
          <span key={word} className={cx("shrink-0 px-2", active)}>
            {word}
          </span>
        ))}
        <span className="hidden noscript:inline">
          <Button type="submit" size="small">
            Apply
          </Button>
        </span>
        {query.size > 0 && (
          <Link
            href="/todos"
            prefetch={false}
            className="inline-flex min-h-7 items-center px-2 text-soft underline pointer-coarse:min-h-11"
          >
            Clear
          </Link>
        )}
        {pending && <Spinner />}
      </div>
      {problem !== null && (
        <p id={problemId} data-slot="field-error" role="alert" className="mt-1 text-danger">
          {problem}
          {place}
        </p>
      )}
    </form>
  );
}

type Options = readonly (readonly [value: string, name: string])[];

const quiet =
  "h-7 rounded-control bg-transparent text-soft transition-colors hover:bg-hover pointer-coarse:h-11 pointer-coarse:text-item";
const active = "font-strong text-accent";

type ChoiceProps = { name: string; label: string; options: Options; value: string };

function Choice({ name, label, options, value }: ChoiceProps): ReactNode {
  return (
    <select
      name={name}
      aria-label={label}
      defaultValue={value}
      className={cx(quiet, "max-w-40 shrink-0 field-sizing-content px-1", value !== "" && active)}
    >
      {options.map(([one, words]) => (
        <option key={one} value={one}>
          {words}
        </option>
      ))}
    </select>
  );
}

/** Choices of which one goes without saying: an empty value, so that a form without script does not say it either. */
function standard(options: Options, value: string): Options {
  return options.map(([one, words]) => [one === value ? "" : one, words]);
}

/** All tags; also what the address asks for when nobody has it any more, or when it is several. */
function tagOptions(tags: readonly TagRow[], wanted: string): Options {
  const known = tags.map(({ name }) => name);
  const same = known.find((name) => name.toLowerCase() === wanted.toLowerCase());
  const options = known.map((name) => [name === same ? wanted : name, name] as const);
  const unknown = wanted !== "" && same === undefined ? [[wanted, wanted] as const] : [];
  return [["", "Any tag"], ...options, ...unknown];
}
