"use client";

import Link from "next/link";
import { useState } from "react";
import { ColourDot } from "@/app/_ui/chip";
import { EmptyState } from "@/app/_ui/empty-state";
import { Field } from "@/app/_ui/field";
import { FormNotice } from "@/app/_ui/form-notice";
import { Input } from "@/app/_ui/input";
import { PageHeader } from "@/app/_ui/page-header";
import { Select } from "@/app/_ui/select";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useForm } from "@/app/_ui/use-form";
import { useTags, receiveTags } from "@/app/_tags/store";
import { useTodos } from "@/app/_todos/store";
import { TAG_NAME_MAX } from "@/lib/db/limits";
import { createTag, deleteTag, mergeTags, updateTag } from "@/lib/tags/actions";
import type { TagRow } from "@/lib/tags/types";

/** All tags, each with its forms. Every answer carries all the tags as they are after it. */
export function TagManager({ tags: pageTags }: { tags: TagRow[] }) {
  const tags = useTags(pageTags);
  return (
    <>
      <PageHeader title="Tags" count={tags.length} countLabel={`${tags.length} tags`} />
      <NewTag />
      {tags.length === 0 ? (
        <EmptyState title="No tags yet">Make one here, or type it when you add a todo.</EmptyState>
      ) : (
        <ul aria-label="Tags" className="pt-4">
          {tags.map((tag) => (
            <Tag key={tag.id} tag={tag} others={tags.filter((other) => other.id !== tag.id)} />
          ))}
        </ul>
      )}
    </>
  );
}

/** Shows what an answer brought, here and in the sidebar, and says what was done. */
function useAnswer(sentence: string, then?: () => void) {
  const { tellDone } = useTodos();
  return {
    onSuccess({ tags, commandId }: { tags: TagRow[]; commandId: string }) {
      receiveTags(tags);
      tellDone(sentence, commandId);
      then?.();
    },
  };
}

function NewTag() {
  // A new key gives an empty form for the next one.
  const [made, setMade] = useState(0);
  return <NewTagForm key={made} focus={made > 0} onMade={() => setMade(made + 1)} />;
}

function NewTagForm({ focus, onMade }: { focus: boolean; onMade: () => void }) {
  const { form, state, errors, typed } = useForm(createTag, useAnswer("Tag created", onMade));
  return (
    <form {...form} className="grid gap-3">
      <FormNotice state={state} />
      <div className="flex items-start gap-2">
        <Colour value={typed("colour") ?? "#1d5c47"} />
        <Field label="New tag" hideLabel error={errors.name ?? errors.colour} className="flex-1">
          {(control) => (
            <Input
              {...control}
              name="name"
              required
              maxLength={TAG_NAME_MAX}
              placeholder="New tag"
              autoComplete="off"
              defaultValue={typed("name")}
              // After one was made the next can be typed at once, as it was asked for by Enter.
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- see above
              autoFocus={focus}
            />
          )}
        </Field>
        <SubmitButton variant="secondary">Create tag</SubmitButton>
      </div>
    </form>
  );
}

function Colour({ value }: { value: string }) {
  return (
    <input
      type="color"
      name="colour"
      aria-label="Colour"
      defaultValue={value}
      className="h-9 w-11 cursor-pointer rounded-control border border-edge bg-surface p-1 pointer-coarse:h-11"
    />
  );
}

function Tag({ tag, others }: { tag: TagRow; others: readonly TagRow[] }) {
  return (
    <li className="border-t border-line first:border-t-0">
      <details className="group">
        <summary className="flex min-h-row list-none items-center gap-3 rounded-control px-1 hover:bg-hover [&::-webkit-details-marker]:hidden">
          <ColourDot colour={tag.colour} className="size-3" />
          <span className="min-w-0 flex-1 truncate">{tag.name}</span>
          <span className="text-meta text-faint">
            {tag.openCount.toLocaleString("en")} open of {tag.totalCount.toLocaleString("en")}
          </span>
          <span className="text-meta text-accent" aria-hidden="true">
            Edit
          </span>
          <span className="sr-only">Edit</span>
        </summary>
        <div className="grid gap-5 px-1 pt-2 pb-6">
          <Link
            href={`/todos?tag=${encodeURIComponent(tag.name)}`}
            prefetch={false}
            className="justify-self-start"
          >
            Show its todos
          </Link>
          <EditTag key={`${tag.name} ${tag.colour}`} tag={tag} />
          {others.length > 0 && <MergeTag tag={tag} others={others} />}
          <DeleteTag tag={tag} />
        </div>
      </details>
    </li>
  );
}

function EditTag({ tag }: { tag: TagRow }) {
  const { form, state, errors, typed } = useForm(updateTag, useAnswer("Tag saved"));
  return (
    <form {...form} className="grid gap-3">
      <FormNotice state={state} />
      <input type="hidden" name="id" value={tag.id} />
      <div className="flex items-start gap-2">
        <Colour value={typed("colour") ?? tag.colour} />
        <Field
          label={`Name of ${tag.name}`}
          hideLabel
          error={errors.name ?? errors.colour}
          className="flex-1"
        >
          {(control) => (
            <Input
              {...control}
              name="name"
              required
              maxLength={TAG_NAME_MAX}
              autoComplete="off"
              defaultValue={typed("name") ?? tag.name}
            />
          )}
        </Field>
        <SubmitButton variant="secondary">Save</SubmitButton>
      </div>
    </form>
  );
}

function MergeTag({ tag, others }: { tag: TagRow; others: readonly TagRow[] }) {
  const { form, state, errors, typed } = useForm(mergeTags, useAnswer(`Merged “${tag.name}”`));
  return (
    <form {...form} className="grid gap-3">
      <FormNotice state={state} />
      <input type="hidden" name="from" value={tag.id} />
      <Field
        label={`Merge ${tag.name} into`}
        error={errors.into}
        hint="Its todos get the other tag, and this one goes away."
      >
        {(control) => (
          <span className="flex gap-2">
            <Select {...control} name="into" defaultValue={typed("into") ?? ""} className="flex-1">
              <option value="">Choose a tag</option>
              {others.map((other) => (
                <option key={other.id} value={other.id}>
                  {other.name}
                </option>
              ))}
            </Select>
            <SubmitButton variant="secondary">Merge</SubmitButton>
          </span>
        )}
      </Field>
    </form>
  );
}

function DeleteTag({ tag }: { tag: TagRow }) {
  const { form, state } = useForm(deleteTag, useAnswer(`Deleted the tag “${tag.name}”`));
  return (
    <form {...form} className="flex flex-wrap items-center gap-3">
      <FormNotice state={state} />
      <input type="hidden" name="id" value={tag.id} />
      <SubmitButton variant="quiet" aria-label={`Delete the tag ${tag.name}`}>
        Delete tag
      </SubmitButton>
      <span className="text-meta text-faint">Its todos stay.</span>
    </form>
  );
}
