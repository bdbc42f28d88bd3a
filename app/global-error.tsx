"use client";

import { buttonStyle } from "@/app/_ui/button-style";
import type { ErrorBoundaryProps } from "@/app/_ui/error-message";
import "@/app/globals.css";

/** Stands in for the root layout when that one fails. Every page loads it in case, so it is as small as it can be. */
export default function GlobalError({ retry }: ErrorBoundaryProps) {
  return (
    <html lang="en">
      <body className="min-h-dvh bg-canvas font-sans text-body text-ink antialiased">
        <title>Cairn</title>
        <main className="mx-auto grid max-w-column justify-items-start gap-3 px-4 py-16">
          <h1 className="text-page font-strong">Cairn could not be shown</h1>
          <p className="pb-3 text-soft">Something in Cairn failed. Everything that was saved is safe.</p>
          <button type="button" className={buttonStyle("primary")} onClick={retry}>
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
