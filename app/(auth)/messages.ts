/** The password has to be typed again, so it is not said that nothing is lost. */
export const UNAVAILABLE_MESSAGE = "Cairn cannot reach its database right now. Try again in a moment.";

/** Offline, or an answer that only an older or newer version of this page understands. */
export const NO_ANSWER_MESSAGE =
  "Cairn does not answer. Check your connection and try again, or reload this page.";

export const ENDED_MESSAGE = "Your session has ended. Sign in again to go on.";

/** What the codes that Auth.js puts into the address mean; the words are never taken from the address itself. */
export function authErrorMessage(error: string, code: string | undefined): string {
  if (code === "limited") return "Too many attempts. Wait a quarter of an hour and try again.";
  if (error === "CredentialsSignin") return "The e-mail address or the password is wrong.";
  return "Signing in did not work. Try again.";
}
