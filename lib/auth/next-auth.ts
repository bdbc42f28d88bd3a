import NextAuth from "next-auth";
import { siteOrigin } from "../env";
import { requestContext } from "../request";
import { authConfig } from "./config";
import { system } from "./system";

/**
 * Auth.js for this site: its HTTP endpoints, and signing in from an action. Pages do not ask it who is signed in: that
 * is the first statement of their one database request (lib/request.ts).
 */
export const { handlers, signIn } = NextAuth(async () => {
  const origin = siteOrigin();
  // It reads this variable itself, and without it would believe the Host header.
  process.env.AUTH_URL = origin;
  return authConfig(system(), await requestContext(), origin);
});
