// Rendered once: what the compiler would remember of it is more script than it is itself.
"use no memo";

import type { ComponentProps } from "react";

/**
 * The mark: three stacked stones. It takes the text colour of its place. Hidden from assistive technology unless the
 * caller gives it a name with `aria-label`.
 */
export function CairnMark(props: Omit<ComponentProps<"svg">, "children">) {
  const named = props["aria-label"] !== undefined;
  return (
    <svg
      data-slot="cairn-mark"
      viewBox="0 0 32 32"
      width="32"
      height="32"
      fill="currentColor"
      role={named ? "img" : undefined}
      aria-hidden={named ? undefined : true}
      focusable="false"
      {...props}
    >
      <path d="M16.3 3.2c2.7-.2 4.8 1.3 4.9 3.3.1 2-1.9 3.3-4.8 3.4-2.9.1-5-1-5.1-2.9-.1-2 2.1-3.6 5-3.8ZM15.6 11.4c4.6-.4 8.6 1.2 8.8 3.9.2 2.8-3.4 4.4-8.3 4.5-4.8.1-8.6-1.2-8.7-3.9-.1-2.6 3.5-4.1 8.2-4.5ZM16.2 21.2c6.8-.2 12 1.3 12.1 4 .1 2.6-4.6 3.9-12 4-7.4.1-12.5-1-12.6-3.7-.1-2.7 5.6-4.1 12.5-4.3Z" />
    </svg>
  );
}
