"use client";

import { useRouter } from "next/navigation";
import { useActionState, useEffect, useId, useRef, useState, type FormEvent } from "react";
import { useTags } from "@/app/_tags/store";
import { AddDetails } from "@/app/_todos/add-details";
import { formatDue, type Clock } from "@/app/_todos/due";
import {
  draftFields,
  draftOf,
  emptyDraft,
  inputOf,
  isSameDraft,
  rowOf,
  type Draft,
  type DraftDefaults,
} from "@/app/_todos/draft";
import { HeldDrafts } from "@/app/_todos/held-drafts";
import type { HeldDraft } from "@/app/_todos/reducer";
import { FormNotice } from "@/app/_ui/form-notice";
import { useTodos, useTodosState } from "@/app/_todos/store";
import { tooLong } from "@/app/_todos/too-long";
import { quoted } from "@/app/_todos/verbs";
import { belongsInList, type ListView } from "@/app/_todos/views";
import { Button } from "@/app/_ui/button";
import { CrossIcon, PlusIcon } from "@/app/_ui/icons";
import { addInputId } from "@/app/_ui/shell/ids";
import { useToasts } from "@/app/_ui/toasts";
import { newId } from "@/lib/db/id";
import { TITLE_MAX } from "@/lib/db/limits";
import { fail, type Failure } from "@/lib/result";
import { addTodo } from "@/lib/todos/actions";
import type { TagRow } from "@/lib/tags/types";

type AddLineProps = {
  view: ListView;
  clock: Clock;
  /** Whether the page is the first of its list, which shows what is added. */
  first: boolean;
  /** What a new todo of this page is by default; each can be taken away. */
  defaults?: DraftDefaults;
  knownTags: readonly TagRow[];
};

/**
 * The line at the top of a list that adds to it. Enter adds and leaves the line ready for the next: the one before is on
 * its way. What is refused comes back into the line, or waits beside it while something else is being typed there.
 */
export function AddLine({ view, clock, first, defaults = {}, knownTags: pageTags }: AddLineProps) {
  const knownTags = useTags(pageTags);
  const [sent, formAction] = useActionState(addTodo, null);
  const refusedForm = sent?.ok === false ? sent : null;
  const start = refusedForm?.values ? draftOf(refusedForm.values, defaults) : emptyDraft(defaults);

  const form = useRef<HTMLFormElement>(null);
  const [shown, setShown] = useState(start);
  const [failure, setFailure] = useState<Failure | null>(refusedForm);
  // The draft that was refused last, with its id: asked for again as it is, it is the same todo.
  const refused = useRef<{ draft: Draft; id: string } | null>(null);
  const { add, hold, release } = useTodos();
  const { held } = useTodosState();
  const toasts = useToasts();
  const router = useRouter();
  const errorId = useId();
  const titleError = failure?.fields?.title?.join(" ");

  // What was typed before the script came, or what the browser put back, is in the fields only.
  useEffect(() => {
    if (form.current) setShown(readDraft(form.current));
  }, []);

  // What stands in the line when its page is left waits beside the next one.
  const unsent = useRef(shown);
  useEffect(() => {
    unsent.current = shown;
  }, [shown]);
  useEffect(
    () => () => {
      if (unsent.current.title.trim() !== "") hold({ id: newId(), draft: unsent.current, message: "" });
    },
    [hold],
  );

  function put(draft: Draft) {
    if (form.current) writeDraft(form.current, draft);
    setShown(draft);
  }

  async function submit(draft: Draft, id: string) {
    const answer = await add(inputOf(draft, id), rowOf(draft, id, new Date(), knownTags));
    if (answer.ok) {
      const { todo } = answer.data;
      if (first && belongsInList(todo, view, clock) !== false) return;
      const open = { label: "Open", run: () => router.push(`/todos/${todo.id}`) };
      toasts.show({ text: `Added ${quoted(todo.title)}. It is not part of this page.`, action: open });
    } else if (form.current && readDraft(form.current).title === "") {
      put(draft);
      setFailure(answer);
      refused.current = { draft, id };
    } else {
      const message = messageOf(answer);
      hold({ id, draft, message });
      // The line has gone with its page: the words must not wait for the next one.
      if (!form.current)
        toasts.show({ tone: "danger", text: `Could not add ${quoted(draft.title)}. ${message}` });
    }
  }

  function handleSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const draft = readDraft(event.currentTarget);
    if (draft.title.trim() === "") return;
    const refusal = tooLong(draft.title, TITLE_MAX);
    if (refusal !== null) {
      setFailure(fail("invalid", { fields: { title: [refusal] } }));
      return;
    }
    const again = refused.current !== null && isSameDraft(refused.current.draft, draft);
    const id = again && refused.current ? refused.current.id : newId();
    refused.current = null;
    setFailure(null);
    put(emptyDraft(defaults));
    void submit(draft, id);
  }

  /** Puts a held draft into the line; what stands there is held in its place. */
  function handleEdit(chosen: HeldDraft) {
    const line = form.current && readDraft(form.current);
    if (line && line.title.trim() !== "") hold({ id: newId(), draft: line, message: "" });
    release(chosen.id);
    put(chosen.draft);
    refused.current = chosen;
    document.getElementById(addInputId)?.focus();
  }

  const due = shown.dueDate === "" ? null : formatDue(shown.dueDate, shown.dueTime || null, clock.today);
  return (
    <div data-slot="add-line" className="@container mb-3">
      <form
        ref={form}
        action={formAction}
        onSubmit={handleSubmit}
        onInput={(event) => setShown(readDraft(event.currentTarget))}
        className="relative rounded-control border border-line bg-surface focus-within:border-accent"
      >
        <div className="flex min-h-10 items-center gap-2 pr-22 pl-2.5 pointer-coarse:min-h-12">
          <PlusIcon className="shrink-0 text-faint" />
          <input
            id={addInputId}
            name="title"
            aria-label="Add todo"
            placeholder="Add todo"
            dir="auto"
            required
            autoComplete="off"
            enterKeyHint="done"
            defaultValue={start.title}
            aria-invalid={titleError !== undefined || undefined}
            aria-describedby={titleError === undefined ? undefined : errorId}
            className="peer min-w-0 flex-1 bg-transparent py-2 outline-none pointer-coarse:text-item"
          />
          {due !== null && (
            <DueChip
              words={due}
              onRemove={() => put({ ...readDraftOf(form.current, shown), dueDate: "", dueTime: "" })}
            />
          )}
          <Button type="submit" size="small" variant="quiet" className="peer-placeholder-shown:hidden">
            Add
          </Button>
        </div>
        {titleError !== undefined && (
          <p id={errorId} role="alert" className="px-2.5 pb-2 text-meta text-danger">
            {titleError}
          </p>
        )}
        <AddDetails
          start={start}
          knownTags={knownTags}
          errors={failure?.fields}
          onInput={() => form.current && setShown(readDraft(form.current))}
        />
      </form>
      {failure !== null && failure.fields === undefined && <FormNotice state={failure} />}
      <HeldDrafts
        held={held}
        onEdit={handleEdit}
        onTryAgain={(chosen) => {
          release(chosen.id);
          void submit(chosen.draft, chosen.id);
        }}
      />
    </div>
  );
}

function DueChip({ words, onRemove }: { words: string; onRemove: () => void }) {
  return (
    <span className="inline-flex shrink-0 items-center rounded-full bg-accent-soft pl-2 text-meta leading-6 text-accent noscript:pr-2">
      {words}
      <button
        type="button"
        aria-label={`Remove ${words}`}
        onClick={onRemove}
        className="inline-flex size-6 items-center justify-center rounded-full hover:bg-hover noscript:hidden"
      >
        <CrossIcon className="size-3.5" />
      </button>
    </span>
  );
}

function messageOf({ message, fields }: Failure): string {
  return fields === undefined ? message : Object.values(fields).flat().join(" ");
}

function readDraft(form: HTMLFormElement): Draft {
  const data = new FormData(form);
  const draft = emptyDraft({});
  for (const name of draftFields) {
    const value = data.get(name);
    if (typeof value === "string") draft[name] = value;
  }
  return draft;
}

function readDraftOf(form: HTMLFormElement | null, otherwise: Draft): Draft {
  return form === null ? otherwise : readDraft(form);
}

function writeDraft(form: HTMLFormElement, draft: Draft) {
  for (const name of draftFields) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = draft[name];
  }
}
