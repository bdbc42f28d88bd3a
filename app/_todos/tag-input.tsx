"use client";

import { useId, useState, type ComponentProps } from "react";
import { suggestTags } from "@/app/_todos/suggest-tags";
import { Input } from "@/app/_ui/input";
import type { TagLabel } from "@/lib/todos/types";

type TagInputProps = Omit<ComponentProps<typeof Input>, "list"> & { known: readonly TagLabel[] };

/**
 * Tag names with commas between them. The browser suggests known ones for the name that is being typed; each suggestion
 * is the whole text with that name in it, because a browser's suggestion replaces the whole text.
 */
export function TagInput({ known, defaultValue = "", onInput, ...props }: TagInputProps) {
  const id = useId();
  const [text, setText] = useState(String(defaultValue));
  return (
    <>
      <Input
        placeholder="work, errands"
        autoComplete="off"
        autoCapitalize="none"
        {...props}
        defaultValue={defaultValue}
        list={id}
        onFocus={(event) => setText(event.currentTarget.value)}
        onInput={(event) => {
          setText(event.currentTarget.value);
          onInput?.(event);
        }}
      />
      <datalist id={id}>
        {suggestTags(text, known).map(({ name, value }) => (
          <option key={name} value={value}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}
