import { addInputId } from "@/app/_ui/shell/ids";

/**
 * Moves the focus from a control in a row that is about to go to the same control of the next row, else of the one
 * before, else to the line that adds todos, else to the page.
 */
export function focusBeside(control: HTMLElement) {
  const row = control.closest("li");
  const page = control.closest("main");
  if (row === null || page === null) return;
  const rows = [...page.querySelectorAll(`li[data-slot="${row.dataset.slot ?? ""}"]`)];
  const at = rows.indexOf(row);
  const place = [...row.querySelectorAll("button")].findIndex((button) => button === control);
  const beside = (rows[at + 1] ?? rows[at - 1])?.querySelectorAll("button")[place];
  const fallback = document.getElementById(addInputId) ?? page;
  (beside ?? fallback).focus();
}
