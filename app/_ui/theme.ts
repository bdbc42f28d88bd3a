import { parseTheme, themeCookie } from "@/lib/appearance";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * Shows a theme now, and remembers it in this browser's cookie, from which the document is drawn the next time. Done
 * here and not by the action, because Next draws the whole page again whenever an action sets a cookie.
 */
export function showTheme(theme: "system" | "light" | "dark") {
  const chosen = parseTheme(theme);
  const secure = location.protocol === "https:" ? "; secure" : "";
  const maxAge = chosen === undefined ? 0 : YEAR_SECONDS;
  document.cookie = `${themeCookie}=${chosen ?? ""}; path=/; max-age=${maxAge}; samesite=lax${secure}`;
  if (chosen === undefined) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
