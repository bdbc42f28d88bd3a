"use server";

import { cookies, headers } from "next/headers";
import { action } from "../action";
import { themeCookie } from "../appearance";
import { siteOrigin } from "../env";
import { settingsInput } from "./input";
import { updateSettings } from "./repository";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * Saves the settings. The theme is also kept in this browser's cookie, which the document is drawn from: by the page
 * (app/_ui/theme.ts) where there is script, because Next draws the whole page again whenever an action sets a cookie, and
 * here where there is none.
 */
export const saveSettings = action(settingsInput, async (scope, input) => {
  const result = await updateSettings(scope, input);
  const withScript = (await headers()).has("next-action");
  if (!result.ok || withScript) return result;
  const jar = await cookies();
  if (input.theme === "system") jar.delete(themeCookie);
  else {
    jar.set(themeCookie, input.theme, {
      path: "/",
      maxAge: YEAR_SECONDS,
      sameSite: "lax",
      secure: siteOrigin().startsWith("https:"),
    });
  }
  return result;
});
