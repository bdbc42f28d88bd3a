import { buttonStyle } from "@/app/_ui/button-style";
import { MessagePage } from "@/app/_ui/message-page";

type NotFoundMessageProps = { href: string; link: string };

/** In the place of a page that does not exist, or is not this person's: to them it is the same. */
export function NotFoundMessage({ href, link }: NotFoundMessageProps) {
  return (
    <MessagePage
      title="There is nothing here"
      actions={
        // A plain link: this view travels with every page, and need not bring the router's link along.
        <a href={href} className={buttonStyle("primary")}>
          {link}
        </a>
      }
    >
      <p>
        The address may be mistyped, or what was here has been deleted for ever. What you deleted lately is in
        the Trash.
      </p>
    </MessagePage>
  );
}
