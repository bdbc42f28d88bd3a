import type { ComponentProps } from "react";
import { LinkButton } from "@/app/_ui/link-button";
import { PAGE_SIZE } from "@/lib/db/limits";

type PageLinksProps = { path: string; first: boolean; nextCursor: string | null };

/** The ways from a page of a list to the next one and back to its beginning; the browser's back leads to the one before. */
export function PageLinks({ path, first, nextCursor }: PageLinksProps) {
  if (first && nextCursor === null) return null;
  return (
    <nav aria-label="Pages of this list" className="flex justify-center gap-2 pt-6">
      {!first && (
        <LinkButton href={route(path)} prefetch={false} variant="quiet">
          Back to the first
        </LinkButton>
      )}
      {nextCursor !== null && (
        <LinkButton href={route(withCursor(path, nextCursor))} prefetch={false}>
          Next {PAGE_SIZE}
        </LinkButton>
      )}
    </nav>
  );
}

function withCursor(path: string, cursor: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}cursor=${cursor}`;
}

/** Safe: it is the address of the very page on which the link stands. */
function route(path: string) {
  return path as ComponentProps<typeof LinkButton>["href"];
}
