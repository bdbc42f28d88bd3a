import { Notice } from "@/app/_ui/notice";
import type { Result } from "@/lib/result";

/** What was refused of a whole form, above its fields; nothing while no field-less refusal stands. */
export function FormNotice({ state }: { state: Result<unknown> | null }) {
  if (state === null || state.ok || state.fields !== undefined) return null;
  return (
    <Notice tone="danger">
      {state.message}
      {state.code === "signed_out" && (
        <>
          {" "}
          <a href="/sign-in" target="_blank" rel="noreferrer" className="font-strong">
            Sign in in a new tab
          </a>
        </>
      )}
    </Notice>
  );
}
