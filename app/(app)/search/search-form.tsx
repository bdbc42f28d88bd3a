"use client";

import Form from "next/form";
import type { ReactNode } from "react";
import { Button } from "@/app/_ui/button";
import { Field } from "@/app/_ui/field";
import { Input } from "@/app/_ui/input";

type SearchFormProps = {
  text: string;
  /** Why the text is no query, in a sentence. */
  problem: string | null;
  /** Where in the text that is. */
  place: ReactNode;
};

/** The search box. It asks by address, so it works without script, can be shared, and "back" finds the search before. */
export function SearchForm({ text, problem, place }: SearchFormProps) {
  return (
    <Form action="/search" className="flex items-start gap-2 pb-2">
      <Field
        label="Search"
        hideLabel
        className="min-w-0 flex-1"
        error={problem ?? undefined}
        errorDetail={place}
      >
        {(control) => (
          // The key lets "back" show the query of the page that it leads to. No maxLength: it would cut what is pasted.
          <Input
            {...control}
            key={text}
            type="search"
            name="q"
            defaultValue={text}
            placeholder="Words, “exact phrases”, -not this, tag:home"
            autoComplete="off"
            enterKeyHint="search"
          />
        )}
      </Field>
      <Button type="submit" variant="secondary">
        Find
      </Button>
    </Form>
  );
}
