"use client";

import type { HeldDraft } from "@/app/_todos/reducer";
import { quoted } from "@/app/_todos/verbs";
import { Button } from "@/app/_ui/button";
import { Notice } from "@/app/_ui/notice";

type HeldDraftsProps = {
  held: readonly HeldDraft[];
  onEdit: (draft: HeldDraft) => void;
  onTryAgain: (draft: HeldDraft) => void;
};

/** Todos that were not added, each with its text kept until it is. */
export function HeldDrafts({ held, onEdit, onTryAgain }: HeldDraftsProps) {
  return held.map((one) => (
    <Notice
      key={one.id}
      tone={one.message === "" ? "info" : "danger"}
      className="mt-2 flex flex-wrap items-center gap-2"
    >
      <span className="min-w-0 flex-1 basis-64 wrap-anywhere">
        {quoted(one.draft.title.trim())} is not added yet. {one.message}
      </span>
      <Button size="small" onClick={() => onEdit(one)}>
        Edit
      </Button>
      <Button size="small" onClick={() => onTryAgain(one)}>
        {one.message === "" ? "Add" : "Try again"}
      </Button>
    </Notice>
  ));
}
