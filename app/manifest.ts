import type { MetadataRoute } from "next";

/** Lets people install Cairn as an app. The icons' stones stand inside the safe zone, so they may be masked. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    id: "/",
    name: "Cairn",
    short_name: "Cairn",
    description: "A calm place for everything you must not forget.",
    start_url: "/today",
    display: "standalone",
    background_color: "#fbfaf9",
    theme_color: "#fbfaf9",
    icons: [
      { src: "/icon.svg", type: "image/svg+xml", sizes: "any" },
      { src: "/icon-192.png", type: "image/png", sizes: "192x192" },
      { src: "/icon-512.png", type: "image/png", sizes: "512x512" },
      { src: "/icon-512.png", type: "image/png", sizes: "512x512", purpose: "maskable" },
    ],
  };
}
