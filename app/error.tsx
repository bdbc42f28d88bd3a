"use client";

import { ErrorMessage, type ErrorBoundaryProps } from "@/app/_ui/error-message";

export default function ErrorPage(props: ErrorBoundaryProps) {
  return (
    <main>
      <ErrorMessage {...props} />
    </main>
  );
}
