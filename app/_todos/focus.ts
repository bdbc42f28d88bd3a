import { addInputId } from "@/app/_ui/shell/ids";

/**
 * Where the focus goes when a control's row does: to the same control of the next row, else of the one before, else to
 * the line that adds todos, else to the page.
 */
export function placeBeside(control: HTMLElement): HTMLElement | null {
  const row = control.closest("li");
  const page = control.closest("main");
  if (row === null || page === null) return null;
  const rows = [...page.querySelectorAll(`li[data-slot="${row.dataset.slot ?? ""}"]`)];
  const at = rows.indexOf(row);
  const place = [...row.querySelectorAll("button")].findIndex((button) => button === control);
  const beside = (rows[at + 1] ?? rows[at - 1])?.querySelectorAll("button")[place];
  return beside ?? document.getElementById(addInputId) ?? page;
}

/** Puts the focus somewhere once the screen has followed the click, if it went with what is gone. */
export function focusIfLost(place: () => HTMLElement | null | undefined) {
  requestAnimationFrame(() => {
    if (document.activeElement === null || document.activeElement === document.body) place()?.focus();
  });
}
