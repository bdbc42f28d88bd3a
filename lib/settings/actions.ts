"use server";

import { cookies } from "next/headers";
import { action } from "../action";
import { themeCookie } from "../appearance";
import { siteOrigin } from "../env";
import { settingsInput } from "./input";
import { updateSettings } from "./repository";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * Saves the settings, and puts the theme into this browser's cookie, which the document is drawn from. The cookie is
 * only touched when the theme changed, because Next draws the whole page again whenever an action touches one.
 */
export const saveSettings = action(settingsInput, async (scope, input) => {
  const result = await updateSettings(scope, input);
  if (!result.ok) return result;
  const jar = await cookies();
  const theme = input.theme === "system" ? undefined : input.theme;
  if (theme === jar.get(themeCookie)?.value) return result;
  if (theme === undefined) jar.delete(themeCookie);
  else {
    jar.set(themeCookie, theme, {
      path: "/",
      maxAge: YEAR_SECONDS,
      sameSite: "lax",
      secure: siteOrigin().startsWith("https:"),
    });
  }
  return result;
});
