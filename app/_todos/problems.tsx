import { Notice } from "@/app/_ui/notice";

/** What of a page's address could not be understood, said quietly. */
export function Problems({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return <Notice className="mb-3">{problems.join(" ")}</Notice>;
}
