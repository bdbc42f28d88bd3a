"use client";

import { useActionState, useRef, type KeyboardEvent } from "react";
import { useTags } from "@/app/_tags/store";
import { ConflictNotice } from "@/app/_todos/conflict-notice";
import type { Clock } from "@/app/_todos/due";
import { priorityOptions } from "@/app/_todos/priority";
import { FormNotice } from "@/app/_ui/form-notice";
import { useCurrentTodo } from "@/app/_todos/store";
import { TagInput } from "@/app/_todos/tag-input";
import { TodoActions } from "@/app/_todos/todo-actions";
import { useTodoEdit, type EditPhase } from "@/app/_todos/use-todo-edit";
import { Button } from "@/app/_ui/button";
import { Field } from "@/app/_ui/field";
import { Input } from "@/app/_ui/input";
import { Notice } from "@/app/_ui/notice";
import { Select } from "@/app/_ui/select";
import { Spinner } from "@/app/_ui/spinner";
import { Textarea } from "@/app/_ui/textarea";
import { DATE_MAX } from "@/lib/db/limits";
import { saveTodo } from "@/lib/todos/actions";
import type { TagRow } from "@/lib/tags/types";
import type { Todo } from "@/lib/todos/types";

type TodoEditorProps = { todo: Todo; clock: Clock; knownTags: readonly TagRow[]; heading: "h1" | "h2" };

/** All of one todo to be edited, with what can be done to it. Give it the todo's id as its key. */
export function TodoEditor({ todo, clock, knownTags: pageTags, heading: Heading }: TodoEditorProps) {
  const knownTags = useTags(pageTags);
  const form = useRef<HTMLFormElement>(null);
  const [sent, formAction] = useActionState(saveTodo, null);
  const edit = useTodoEdit(todo, sent, form);
  const current = useCurrentTodo(todo);
  const errors = edit.failure?.fields;
  const trashed = current === null || current.deletedAt !== null;

  function handleKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.current?.requestSubmit();
  }

  return (
    <div data-slot="todo-editor" className="@container grid gap-4">
      <Heading className="sr-only">{current?.title ?? todo.title}</Heading>
      {current === null ? (
        <Notice>This todo is not there any more.</Notice>
      ) : (
        <TodoActions todo={current} clock={clock} />
      )}
      {edit.broughtBack && (
        <Notice className="flex flex-wrap items-center gap-2">
          <span className="flex-1 basis-64">What you had not saved here is back.</span>
          <Button size="small" onClick={edit.takeTheirs}>
            Discard it
          </Button>
        </Notice>
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a shortcut for its own Save button */}
      <form
        ref={form}
        action={formAction}
        onSubmit={edit.handleSubmit}
        onInput={edit.handleInput}
        onKeyDown={handleKeyDown}
        aria-label="Edit todo"
      >
        <input type="hidden" name="id" value={todo.id} />
        <input type="hidden" name="version" value={edit.base.version} />
        <fieldset disabled={trashed} className="grid min-w-0 gap-4">
          {edit.conflict !== null && (
            <ConflictNotice
              conflict={edit.conflict}
              clock={clock}
              href={`/todos/${todo.id}`}
              onTakeTheirs={edit.takeTheirs}
            />
          )}
          {edit.failure !== null && edit.failure.code !== "conflict" && (
            <FormFailure failure={edit.failure} />
          )}
          <Field label="Title" error={errors?.title}>
            {(control) => (
              <Input
                {...control}
                name="title"
                dir="auto"
                required
                autoComplete="off"
                defaultValue={edit.start.title}
                className="text-item font-strong"
              />
            )}
          </Field>
          <Field label="Description" error={errors?.description}>
            {(control) => (
              <Textarea {...control} name="description" rows={5} defaultValue={edit.start.description} />
            )}
          </Field>
          <div className="grid gap-4 @xs:grid-cols-2 @2xl:grid-cols-4">
            <Field label="Due date" error={errors?.dueDate}>
              {(control) => (
                <Input
                  {...control}
                  type="date"
                  name="dueDate"
                  max={DATE_MAX}
                  defaultValue={edit.start.dueDate}
                />
              )}
            </Field>
            <Field label="Time" error={errors?.dueTime}>
              {(control) => (
                <Input {...control} type="time" name="dueTime" defaultValue={edit.start.dueTime} />
              )}
            </Field>
            <Field label="Priority" error={errors?.priority}>
              {(control) => (
                <Select {...control} name="priority" defaultValue={edit.start.priority}>
                  {priorityOptions.map(({ value, name }) => (
                    <option key={value} value={value}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label="Scheduled for" error={errors?.scheduledFor}>
              {(control) => (
                <Input
                  {...control}
                  type="date"
                  name="scheduledFor"
                  max={DATE_MAX}
                  defaultValue={edit.start.scheduledFor}
                />
              )}
            </Field>
          </div>
          <Field
            label="Tags"
            error={errors?.tags}
            hint="Names with commas between them. New names make new tags."
          >
            {(control) => (
              <TagInput {...control} name="tags" defaultValue={edit.start.tags} known={knownTags} />
            )}
          </Field>
          {!trashed && <SaveBar phase={edit.phase} />}
        </fieldset>
      </form>
    </div>
  );
}

/** A refusal that belongs to no field; those of fields stand beside them. */
function FormFailure({ failure }: { failure: NonNullable<ReturnType<typeof useTodoEdit>["failure"]> }) {
  const { code, message, fields } = failure;
  if (fields !== undefined && fields[""] === undefined) return null;
  return <FormNotice state={{ ok: false, code, message: fields?.[""]?.join(" ") ?? message }} />;
}

const phaseWords: Record<EditPhase, string> = {
  clean: "",
  dirty: "Not saved yet",
  saving: "Saving",
  saved: "Saved",
};

function SaveBar({ phase }: { phase: EditPhase }) {
  return (
    <div className="flex items-center gap-3">
      <Button type="submit" variant="primary" aria-disabled={phase === "saving" || undefined}>
        {phase === "saving" && <Spinner />}
        Save
      </Button>
      <span role="status" className="text-meta text-faint">
        {phaseWords[phase]}
      </span>
    </div>
  );
}
