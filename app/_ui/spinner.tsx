/** Says that something is under way, to the eye only; the words beside it say it to everyone. */
export function Spinner() {
  return (
    <svg
      data-slot="spinner"
      viewBox="0 0 16 16"
      width="14"
      height="14"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      className="animate-spin"
      aria-hidden="true"
      focusable="false"
    >
      <path d="M14 8a6 6 0 1 1-6-6" />
    </svg>
  );
}
