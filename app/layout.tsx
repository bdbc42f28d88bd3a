import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import { inter, interLatinExt } from "@/app/fonts";
import { parseSidebar, parseTheme, sidebarCookie, themeCookie } from "@/lib/appearance";
import "@/app/globals.css";

export const metadata: Metadata = {
  title: { default: "Cairn", template: "%s · Cairn" },
  description: "A calm place for everything you must not forget.",
  applicationName: "Cairn",
  // Phones turn "2026-11-20" or a long number into a telephone link otherwise.
  formatDetection: { telephone: false, date: false, address: false, email: false },
};

const canvas = { light: "#fbfaf9", dark: "#1a1816" };

export async function generateViewport(): Promise<Viewport> {
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return {
    width: "device-width",
    initialScale: 1,
    viewportFit: "cover",
    themeColor: theme
      ? canvas[theme]
      : [
          { media: "(prefers-color-scheme: light)", color: canvas.light },
          { media: "(prefers-color-scheme: dark)", color: canvas.dark },
        ],
  };
}

/** The document. It reads two cookies and never the database, so that it can stand around an error page too. */
export default async function RootLayout({ children }: LayoutProps<"/">) {
  const jar = await cookies();
  return (
    <html
      lang="en"
      className={`${inter.variable} ${interLatinExt.variable}`}
      data-theme={parseTheme(jar.get(themeCookie)?.value)}
      data-sidebar={parseSidebar(jar.get(sidebarCookie)?.value)}
    >
      <body className="min-h-dvh bg-canvas font-sans text-body text-ink antialiased">{children}</body>
    </html>
  );
}
