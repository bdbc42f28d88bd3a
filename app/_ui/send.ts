import { unstable_isUnrecognizedActionError as isUnrecognizedActionError } from "next/navigation";
import { reportAnswer } from "@/app/_ui/connection";
import type { Action, ActionState } from "@/lib/action";
import { newId } from "@/lib/db/id";
import { FORM_BYTES_MAX } from "@/lib/db/limits";
import { echoedValues, formBytes, readForm } from "@/lib/form";
import { fail, type Failure } from "@/lib/result";

const noAnswer = "Cairn does not answer. Nothing you typed is lost; try again in a moment.";
const updated = "Cairn has been updated since this page was opened. Reload the page and try again.";
const broken = "Something went wrong on Cairn's side. Nothing you typed is lost; try again in a moment.";

/** What may have been done although nobody said so, and the keys it was sent with: sent again, it is the same command. */
const unanswered: { action: unknown; text: string; key: string }[] = [];

/**
 * Asks an action for something and always gets an answer: when none comes, or one that cannot be understood, it is a
 * failure like any other, and the connection notice knows of it. Asked for the same once more after that, by whatever
 * click, it is the same command, which the first time may well have done.
 *
 * Too much is refused here, because a server hangs up in the middle of what it will not read, and a broken connection
 * says nothing.
 */
export async function send<Input, Data, Current>(
  action: Action<Input, Data, Current>,
  input: Input | FormData,
): Promise<ActionState<Data, Current>> {
  const values = input instanceof FormData ? readForm(input) : { json: JSON.stringify(input) };
  if (formBytes(values) > FORM_BYTES_MAX) return fail("too_large");
  const text = JSON.stringify(echoedValues(values)); // no passwords are kept
  const known = unanswered.findIndex((one) => one.action === action && one.text === text);
  const [question = { action, text, key: newId() }] = known < 0 ? [] : unanswered.splice(known, 1);
  const answer = await ask(() => action(null, input, question.key));
  if (!answer.ok && isPassing(answer)) unanswered.push(question);
  return answer;
}

async function ask<Data, Current>(
  question: () => Promise<ActionState<Data, Current>>,
): Promise<ActionState<Data, Current>> {
  try {
    const answer = await question();
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
