// Rendered once: what the compiler would remember of it is more script than it is itself.
"use no memo";

import type { ReactNode } from "react";
import { CairnMark } from "@/app/_ui/cairn-mark";

type MessagePageProps = { title: string; children: ReactNode; actions: ReactNode };

/** What stands in the place of a page that cannot be shown: what happened, what is safe, and the way on. */
export function MessagePage({ title, children, actions }: MessagePageProps) {
  return (
    <div
      data-slot="message-page"
      className="mx-auto grid max-w-column justify-items-start gap-3 px-4 py-16 md:px-8 md:py-24"
    >
      <CairnMark className="mb-2 size-12 text-edge" />
      <h1 className="text-page font-strong text-balance">{title}</h1>
      <div className="grid max-w-120 gap-3 text-pretty text-soft">{children}</div>
      <div className="flex flex-wrap gap-2 pt-3">{actions}</div>
    </div>
  );
}
