/** The look that inputs, text areas and selects share. On touch screens the text is 16 px, or iOS zooms in on focus. */
export const controlStyle =
  "block w-full min-w-0 rounded-control border border-edge bg-surface px-3 py-1.5 text-ink transition-colors hover:border-soft focus-visible:border-accent focus-visible:outline-offset-0 aria-invalid:border-danger disabled:cursor-not-allowed disabled:opacity-60 pointer-coarse:text-item";
