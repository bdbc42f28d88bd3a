"use client";
// Rendered once: what the compiler would remember of it is more script than it is itself.
"use no memo";

import { buttonStyle } from "@/app/_ui/button-style";
import { MessagePage } from "@/app/_ui/message-page";

/** What Next gives an error boundary. */
export type ErrorBoundaryProps = { error: unknown; retry: () => void };

/** In the place of a page that failed by a mistake of ours. Of the error itself it shows the log's reference only. */
export function ErrorMessage({ error, retry }: ErrorBoundaryProps) {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : undefined;
  return (
    <MessagePage
      title="This page could not be shown"
      actions={
        <>
          <button type="button" className={buttonStyle("primary")} onClick={retry}>
            Try again
          </button>
          {/* A full load starts afresh, which is what is wanted after a failure. */}
          {/* oxlint-disable-next-line next/no-html-link-for-pages */}
          <a href="/today" className={buttonStyle("secondary")}>
            Go to Today
          </a>
        </>
      }
    >
      <p>Something in Cairn failed. Everything that was saved is safe.</p>
      {digest !== undefined && (
        <p className="text-meta text-faint">
          If it happens again, this reference finds it in the log: {digest}
        </p>
      )}
    </MessagePage>
  );
}
