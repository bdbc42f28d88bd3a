import { attempt } from "../db/errors";
import { requestScope } from "../request";

/**
 * What a page for people who are not signed in needs to know of who asks. One database request; none without a cookie.
 */
export async function visitorState(): Promise<"signed_in" | "signed_out" | "unavailable"> {
  const scope = await requestScope();
  const actor = await attempt(() => scope.actor());
  if ("userId" in actor) return "signed_in";
  return actor.code === "unavailable" ? "unavailable" : "signed_out";
}
