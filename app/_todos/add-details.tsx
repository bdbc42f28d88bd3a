"use client";

import { useEffect, useRef } from "react";
import type { Draft } from "@/app/_todos/draft";
import { priorityOptions } from "@/app/_todos/priority";
import { TagInput } from "@/app/_todos/tag-input";
import { Field } from "@/app/_ui/field";
import { ChevronIcon } from "@/app/_ui/icons";
import { Input } from "@/app/_ui/input";
import { Select } from "@/app/_ui/select";
import { DATE_MAX } from "@/lib/db/limits";
import type { FieldErrors } from "@/lib/result";
import type { TagLabel } from "@/lib/todos/types";

type AddDetailsProps = {
  start: Draft;
  knownTags: readonly TagLabel[];
  errors: FieldErrors | undefined;
  onInput: () => void;
};

/** The rest of a new todo, behind a quiet word; open when something in there was refused. */
export function AddDetails({ start, knownTags, errors, onInput }: AddDetailsProps) {
  const details = useRef<HTMLDetailsElement>(null);
  const refused = Object.keys(errors ?? {}).some((name) => name !== "title");

  useEffect(() => {
    if (refused && details.current) details.current.open = true;
  }, [refused]);

  return (
    <details ref={details} open={refused || undefined} className="group/details">
      <summary className="absolute top-1 right-1 flex h-8 list-none items-center gap-0.5 rounded-control pr-1 pl-2 text-meta text-faint hover:bg-hover hover:text-ink pointer-coarse:h-10 [&::-webkit-details-marker]:hidden">
        Details
        <ChevronIcon className="size-4 transition-transform group-open/details:rotate-180" />
      </summary>
      <div onInput={onInput} className="grid gap-3 border-t border-line p-3 @xs:grid-cols-2 @2xl:grid-cols-4">
        <Field label="Due date" error={errors?.dueDate}>
          {(control) => (
            <Input {...control} type="date" name="dueDate" defaultValue={start.dueDate} max={DATE_MAX} />
          )}
        </Field>
        <Field label="Time" error={errors?.dueTime}>
          {(control) => <Input {...control} type="time" name="dueTime" defaultValue={start.dueTime} />}
        </Field>
        <Field label="Priority" error={errors?.priority}>
          {(control) => (
            <Select {...control} name="priority" defaultValue={start.priority}>
              {priorityOptions.map(({ value, name }) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Tags" error={errors?.tags}>
          {(control) => <TagInput {...control} name="tags" defaultValue={start.tags} known={knownTags} />}
        </Field>
      </div>
    </details>
  );
}
