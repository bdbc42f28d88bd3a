"use client";

import { useEffect } from "react";
import { showTheme } from "@/app/_ui/theme";

export type ThemeKeeperProps = { theme: "system" | "light" | "dark" };

/** Shows the theme that the person chose on another device, or that differs from the last person's on this one. */
export function ThemeKeeper({ theme }: ThemeKeeperProps) {
  useEffect(() => {
    const shown = document.documentElement.dataset.theme ?? "system";
    if (shown !== theme) showTheme(theme);
  }, [theme]);
  return null;
}
