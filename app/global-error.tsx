"use client";

import { ErrorMessage, type ErrorBoundaryProps } from "@/app/_ui/error-message";
import "@/app/globals.css";

/** Stands in for the root layout when that one fails, with the system's font and theme. */
export default function GlobalError(props: ErrorBoundaryProps) {
  return (
    <html lang="en">
      <body className="min-h-dvh bg-canvas font-sans text-body text-ink antialiased">
        <title>Cairn</title>
        <main>
          <ErrorMessage {...props} />
        </main>
      </body>
    </html>
  );
}
