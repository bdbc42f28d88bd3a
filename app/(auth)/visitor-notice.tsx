import { authErrorMessage, ENDED_MESSAGE, UNAVAILABLE_MESSAGE } from "@/app/(auth)/messages";
import { Notice } from "@/app/_ui/notice";

type Query = Record<string, string | string[] | undefined>;

/** Why somebody is here: their session has ended, signing in failed elsewhere, or the database is not there. */
export function VisitorNotice({ unavailable, query }: { unavailable: boolean; query: Query }) {
  const { error, code, ended } = query;
  if (unavailable) return <Notice tone="danger">{UNAVAILABLE_MESSAGE}</Notice>;
  if (typeof error === "string") {
    return (
      <Notice tone="danger">{authErrorMessage(error, typeof code === "string" ? code : undefined)}</Notice>
    );
  }
  return ended === undefined ? null : <Notice>{ENDED_MESSAGE}</Notice>;
}
