/** Names and values of the cookies that say how Cairn looks on this device. Safe to import on the client. */

export const themeCookie = "cairn.theme";
export const sidebarCookie = "cairn.sidebar";

export type Theme = "light" | "dark";

/** The theme that a cookie's value asks for; `undefined` follows the system. */
export function parseTheme(value: string | undefined): Theme | undefined {
  return value === "light" || value === "dark" ? value : undefined;
}

/** Whether a cookie's value asks for the sidebar to stay closed on wide screens. */
export function parseSidebar(value: string | undefined): "closed" | undefined {
  return value === "closed" ? "closed" : undefined;
}
