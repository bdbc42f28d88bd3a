"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { publicAction } from "../action";
import { siteOrigin } from "../env";
import { fail } from "../result";
import { refusalIn, SignInRefused } from "./config";
import { returnCookieName, SESSION_COOKIE_SECONDS, sessionCookieName, sessionCookieOptions } from "./cookie";
import { signInInput, signOutInput, signUpInput } from "./input";
import * as nextAuth from "./next-auth";
import { safeNext } from "./safe-next";
import { endSession } from "./sessions";
import { signUpPerson } from "./sign-up";
import { system } from "./system";

/** Makes an account, signs it in, and leads on. */
export const signUp = publicAction(signUpInput, async ({ next, ...input }, context) => {
  const result = await signUpPerson(system(), input, context);
  if (!result.ok) return result;
  const { jar, name, options } = await sessionCookie();
  jar.set(name, result.data.token, { ...options, maxAge: SESSION_COOKIE_SECONDS });
  return redirect(safeNext(next));
});

/** Signs in with a password, and leads on. */
export const signIn = publicAction(signInInput, async ({ email, password, next }) => {
  const { jar, name, options } = await sessionCookie();
  const before = jar.get(name)?.value;
  try {
    await nextAuth.signIn("credentials", { email, password, redirect: false, redirectTo: safeNext(next) });
  } catch (error) {
    if (error instanceof SignInRefused) return error.failure;
    throw refusalIn(error) ?? error;
  }
  // Auth.js does not throw, and does nothing, when a cookie of its own is mangled. Without it the next try is a good one.
  if (jar.get(name)?.value === before) {
    jar.set(returnCookieName(options.secure), "", { ...options, maxAge: 0 });
    return fail("invalid", { message: "Signing in did not work this time. Try again." });
  }
  return redirect(safeNext(next));
});

/**
 * Ends the session and leads to the landing page. Auth.js's own sign-out says "signed out" even when it could not delete
 * the row; here a database that is not there is told, and the cookie stays.
 */
export const signOut = publicAction(signOutInput, async (_input, context) => {
  const { jar, name, options } = await sessionCookie();
  const token = jar.get(name)?.value;
  if (token !== undefined) await endSession(system(), token, context);
  jar.set(name, "", { ...options, maxAge: 0 });
  return redirect("/");
});

async function sessionCookie() {
  const secure = siteOrigin().startsWith("https:");
  return { jar: await cookies(), name: sessionCookieName(secure), options: sessionCookieOptions(secure) };
}
