"use client";

import Form from "next/form";
import { Button } from "@/app/_ui/button";
import { Field } from "@/app/_ui/field";
import { Input } from "@/app/_ui/input";
import { SEARCH_QUERY_MAX } from "@/lib/db/limits";

/** The search box. It asks by address, so it works without script, can be shared, and "back" finds the search before. */
export function SearchForm({ query, problem }: { query: string; problem: string | null }) {
  return (
    <Form action="/search" className="flex items-start gap-2 pb-4">
      <Field label="Search" hideLabel className="flex-1" error={problem ?? undefined}>
        {(control) => (
          // The key lets "back" show the query of the page that it leads to.
          <Input
            {...control}
            key={query}
            type="search"
            name="q"
            defaultValue={query}
            maxLength={SEARCH_QUERY_MAX}
            placeholder="Words, “exact phrases”, -not this"
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
