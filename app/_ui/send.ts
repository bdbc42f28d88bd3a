import { unstable_isUnrecognizedActionError as isUnrecognizedActionError } from "next/navigation";
import { reportAnswer } from "@/app/_ui/connection";
import type { ActionState } from "@/lib/action";
import { FORM_BYTES_MAX } from "@/lib/db/limits";
import { formBytes, readForm } from "@/lib/form";
import { fail, type Failure } from "@/lib/result";

const noAnswer = "Cairn does not answer. Nothing you typed is lost; try again in a moment.";
const updated = "Cairn has been updated since this page was opened. Reload the page and try again.";
const broken = "Something went wrong on Cairn's side. Nothing you typed is lost; try again in a moment.";

/**
 * Asks an action for something and always gets an answer: when none comes, or one that cannot be understood, it is a
 * failure like any other, and the connection notice knows of it.
 * @param input what is sent, when people type it: too much of it is refused here, because a server hangs up in the
 *   middle of what it will not read, and a broken connection says nothing
 */
export async function send<Data, Current>(
  ask: () => Promise<ActionState<Data, Current>>,
  input?: FormData | object,
): Promise<ActionState<Data, Current>> {
  if (input !== undefined && bytesOf(input) > FORM_BYTES_MAX) return fail("too_large");
  try {
    const answer = await ask();
    reportAnswer(true);
    return answer;
  } catch (error) {
    if (isUnrecognizedActionError(error)) return fail("unavailable", { message: updated });
    // What the server threw comes with a digest; without one, nobody is known to have heard the question.
    const heard = error instanceof Error && "digest" in error;
    reportAnswer(heard);
    return fail("unavailable", { message: heard ? broken : noAnswer });
  }
}

function bytesOf(input: FormData | object): number {
  return formBytes(input instanceof FormData ? readForm(input) : { json: JSON.stringify(input) });
}

/** Where people sign in again without losing the page that they are on. */
export const signInAgainHref = "/sign-in";

/** Opens the sign-in beside this page, so that what was typed here stays. */
export function signInAgain() {
  window.open(signInAgainHref, "_blank", "noopener");
}

/** Whether the same request may well succeed later. */
export function isPassing(failure: Failure): boolean {
  return failure.code === "unavailable" || failure.code === "limited";
}
