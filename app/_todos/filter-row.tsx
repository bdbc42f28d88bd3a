"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useTransition, type FormEvent, type ReactNode } from "react";
import { useTags } from "@/app/_tags/store";
import { formatDayWithin, type Clock } from "@/app/_todos/due";
import { priorityOptions } from "@/app/_todos/priority";
import { Button } from "@/app/_ui/button";
import { cx } from "@/app/_ui/cx";
import { Spinner } from "@/app/_ui/spinner";
import { PRIORITY_HIGH, PRIORITY_MAX } from "@/lib/db/limits";
import type { TagRow } from "@/lib/tags/types";
import { todoFilterToQuery } from "@/lib/todos/filter";
import { DEFAULT_SORT, DEFAULT_STATUS, type TodoFilter } from "@/lib/todos/types";

type FilterRowProps = { filter: TodoFilter; tags: readonly TagRow[]; clock: Clock };

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

const names = ["status", "due", "priority", "tag", "q", "sort", "direction"] as const;
const defaults: Record<string, string> = { status: DEFAULT_STATUS, sort: DEFAULT_SORT };
const typingPauseMs = 400;

/**
 * What a list shows and in what order, as a form that leads to the address that says so: by its button without script,
 * by every choice with it.
 */
export function FilterRow({ filter, tags: pageTags, clock }: FilterRowProps) {
  const tags = useTags(pageTags);
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const shown = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [pending, startTransition] = useTransition();
  const query = todoFilterToQuery({ ...filter, cursor: undefined });
  const chosen = (name: string) => query.get(name) ?? defaults[name] ?? "";
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
      if (field instanceof HTMLInputElement && !typing && field.value.trim() !== value) field.value = value;
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
      const text = typeof value === "string" ? value.trim() : "";
      if (text !== "" && text !== defaults[name]) wanted.set(name, text);
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
    <Choice
      name={name}
      label={label}
      options={options}
      value={chosen(name)}
      standard={defaults[name] ?? ""}
    />
  );
  const range = rangeWords(filter, clock);
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
      className="-mx-2 mb-3 flex items-center gap-x-1 overflow-x-auto py-0.5 text-meta sm:flex-wrap"
    >
      {choice("status", "Status", statusOptions)}
      {choice("due", "Due", dueOptions)}
      {choice("priority", "Priority", priorities)}
      {choice("tag", "Tag", tagOptions(tags, filter.tags?.all?.[0]))}
      <input
        name="q"
        aria-label="Text"
        placeholder="Text"
        autoComplete="off"
        defaultValue={chosen("q")}
        className={cx(quiet, "w-24 shrink-0 px-2 placeholder:text-faint", chosen("q") !== "" && active)}
      />
      {choice("sort", "Sort", sortOptions)}
      {choice("direction", "Direction", directionOptions)}
      {filter.from !== undefined && <input type="hidden" name="from" value={filter.from} />}
      {filter.to !== undefined && <input type="hidden" name="to" value={filter.to} />}
      {range !== null && <span className={cx("shrink-0 px-2", active)}>{range}</span>}
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
    </form>
  );
}

type Options = readonly (readonly [value: string, name: string])[];

const quiet =
  "h-7 rounded-control bg-transparent text-soft transition-colors hover:bg-hover pointer-coarse:h-11 pointer-coarse:text-item";
const active = "font-strong text-accent";

type ChoiceProps = { name: string; label: string; options: Options; value: string; standard: string };

function Choice({ name, label, options, value, standard }: ChoiceProps): ReactNode {
  return (
    <select
      name={name}
      aria-label={label}
      defaultValue={value}
      className={cx(quiet, "max-w-40 shrink-0 field-sizing-content px-1", value !== standard && active)}
    >
      {options.map(([one, words]) => (
        <option key={one} value={one}>
          {words}
        </option>
      ))}
    </select>
  );
}

/** All tags; also the one of the address when nobody has it any more. */
function tagOptions(tags: readonly TagRow[], wanted: string | undefined): Options {
  const known = tags.map(({ name }) => name);
  const same =
    wanted === undefined ? undefined : known.find((name) => name.toLowerCase() === wanted.toLowerCase());
  const options = known.map((name) => [name === same && wanted !== undefined ? wanted : name, name] as const);
  const unknown = wanted !== undefined && same === undefined ? [[wanted, wanted] as const] : [];
  return [["", "Any tag"], ...options, ...unknown];
}

function rangeWords({ from, to }: TodoFilter, { today }: Clock): string | null {
  if (from === undefined && to === undefined) return null;
  const words = [from && `from ${formatDayWithin(from, today)}`, to && `until ${formatDayWithin(to, today)}`];
  return `Due ${words.filter(Boolean).join(" ")}`;
}
