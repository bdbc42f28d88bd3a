"use client";

import { useConnection } from "@/app/_ui/connection";

const words = {
  online: "",
  offline: "You are offline. What is on the screen stays; nothing can be saved until you are back.",
  lost: "Cairn does not answer right now. What is on the screen stays; your last change may not be saved.",
};

/** One quiet line at the top while there is no connection. */
export function ConnectionBanner() {
  const connection = useConnection();
  return (
    <div data-slot="connection-banner" role="status" className="sticky top-0 z-20 md:pl-sidebar">
      {connection !== "online" && (
        <p className="border-b border-line bg-surface px-4 py-1.5 text-center text-meta text-soft">
          {words[connection]}
        </p>
      )}
    </div>
  );
}
