import { buttonStyle } from "@/app/_ui/button-style";
import { MessagePage } from "@/app/_ui/message-page";

/**
 * In the place of a page while the database does not answer. Made on the server and without script, so that it helps
 * everywhere; the person stays signed in.
 */
export function Unavailable() {
  return (
    <MessagePage
      title="Cairn cannot reach the database right now"
      actions={
        // An empty address is this page's own: a plain link loads it anew, also without JavaScript.
        // oxlint-disable-next-line jsx-a11y/anchor-is-valid -- see above
        <a href="" className={buttonStyle("primary")}>
          Try again
        </a>
      }
    >
      <p>
        So this page cannot be shown. Everything that was saved is safe, and you are still signed in. This
        usually passes within a minute.
      </p>
    </MessagePage>
  );
}
