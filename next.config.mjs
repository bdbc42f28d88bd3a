/** @type {import('next').NextConfig} */
const config = {
  // A second build folder lets two commands run side by side in one checkout.
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  reactStrictMode: true,
  reactCompiler: true,
  typedRoutes: true,
  // `pnpm types` checks the whole project; here the same check would also see the generated types of other build folders.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  // Titles and icons stand in the head of the first bytes, also without script: pages await their data anyway.
  htmlLimitedBots: /.*/,
  // cacheComponents stays off: people's data is not cacheable and a strict nonce CSP needs dynamic rendering.
  // REQUEST_BYTES_MAX in lib/db/limits.ts: proxy.ts turns larger ones away, the form's own limit answers with a message.
  experimental: { serverActions: { bodySizeLimit: 3 * 1_048_576 } },
  serverExternalPackages: ["@node-rs/argon2"],
};

export default config;
