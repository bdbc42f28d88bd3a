import type { Route } from "next";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import type { ReactNode } from "react";
import { Unavailable } from "@/app/_ui/unavailable";
import { safeNext } from "@/lib/auth/safe-next";
import { Refused } from "@/lib/db/errors";
import type { Scope } from "@/lib/db/scope";
import { requestScope } from "@/lib/request";
import { REQUEST_PATH_HEADER } from "@/lib/request-path";

/**
 * Makes a page of someone who is signed in. `render` gets the scope of the request and asks it, in one tick, for all
 * that the page shows. What the data path refuses becomes a page that helps: a dead session leads to sign-in and back,
 * what is not there is "not found", and a database that cannot be reached is said so, with the cookie left alone.
 */
export function signedInPage<Props>(render: (scope: Scope, props: Props) => Promise<ReactNode>) {
  return async function SignedInPage(props: Props): Promise<ReactNode> {
    try {
      return await render(await requestScope(), props);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      switch (error.failure.code) {
        case "signed_out":
          return redirect(await signInPath());
        case "not_found":
          return notFound();
        case "unavailable":
          return <Unavailable />;
        default:
          throw error;
      }
    }
  };
}

async function signInPath(): Promise<Route> {
  const path = safeNext((await headers()).get(REQUEST_PATH_HEADER));
  // Safe: it is a page of ours, with a query.
  return `/sign-in?ended=1&next=${encodeURIComponent(path)}` as Route;
}
