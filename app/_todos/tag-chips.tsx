import Link from "next/link";
import { Chip } from "@/app/_ui/chip";
import type { TagLabel } from "@/lib/todos/types";

/** As many as a row has room for; the todo's own page shows them all. */
const shownMax = 3;

/** A todo's tags as quiet chips, each leading to the list of that tag. */
export function TagChips({ tags }: { tags: readonly TagLabel[] }) {
  if (tags.length === 0) return null;
  const more = tags.slice(shownMax);
  return (
    <span className="flex min-w-0 items-center gap-1">
      {tags.slice(0, shownMax).map((tag) => (
        <Link
          key={tag.id}
          href={`/todos?tag=${encodeURIComponent(tag.name)}`}
          prefetch={false}
          className="tag-link"
        >
          <Chip dot={tag.colour}>{tag.name}</Chip>
        </Link>
      ))}
      {more.length > 0 && (
        <span className="text-faint" title={more.map((tag) => tag.name).join(", ")}>
          +{more.length}
          <span className="sr-only"> more tags: {more.map((tag) => tag.name).join(", ")}</span>
        </span>
      )}
    </span>
  );
}
