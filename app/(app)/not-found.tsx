import { NotFoundMessage } from "@/app/_ui/not-found-message";

/** The same as outside, with the sidebar still there. */
export default function NotFound() {
  return <NotFoundMessage href="/today" link="Go to Today" />;
}
