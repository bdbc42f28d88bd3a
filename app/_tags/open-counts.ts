import type { TagRow } from "@/lib/tags/types";
import type { TagLabel, TodoRow } from "@/lib/todos/types";

type Tags = readonly TagRow[];

/**
 * The tags after a todo of the person's own was changed: their counts, and the tags that came into being with it.
 * @param before null for a todo that was just added
 */
export function afterTodoChange(tags: Tags, before: TodoRow | null, after: TodoRow): Tags {
  const known = new Set(tags.map(({ id }) => id));
  const made = after.tags.filter(({ id }) => !known.has(id)).map((tag) => newRow(tag));
  const was = before === null ? nothing : weigh(before);
  const is = weigh(after);
  const had = new Set(before?.tags.map(({ id }) => id));
  const has = new Set(after.tags.map(({ id }) => id));

  return [...tags, ...made].toSorted(byName).map((tag) => {
    const open = (has.has(tag.id) ? is.open : 0) - (had.has(tag.id) ? was.open : 0);
    const total = (has.has(tag.id) ? is.total : 0) - (had.has(tag.id) ? was.total : 0);
    if (open === 0 && total === 0) return tag;
    return {
      ...tag,
      openCount: Math.max(0, tag.openCount + open),
      totalCount: Math.max(0, tag.totalCount + total),
    };
  });
}

const nothing = { open: 0, total: 0 };

/** How much a todo counts for its tags: nothing in the trash, and only for the total once it is done. */
function weigh({ status, deletedAt }: TodoRow): { open: number; total: number } {
  if (deletedAt !== null) return nothing;
  return { open: status === "pending" || status === "in_progress" ? 1 : 0, total: 1 };
}

function newRow(tag: TagLabel): TagRow {
  return { ...tag, icon: null, openCount: 0, totalCount: 0 };
}

function byName(a: TagRow, b: TagRow): number {
  return a.name.toLowerCase().localeCompare(b.name.toLowerCase());
}
