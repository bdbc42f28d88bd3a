import { cache } from "react";
import { listTags } from "@/lib/tags/repository";
import { getCounts } from "@/lib/todos/repository";

// What the sidebar and a page both show is read once per request: the scope is the same, and so is the promise.

/** All the person's tags with their counts. */
export const sharedTags = cache(listTags);

/** The person's counts. */
export const sharedCounts = cache(getCounts);
