import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { SignInForm } from "@/app/(auth)/sign-in/sign-in-form";
import { VisitorNotice } from "@/app/(auth)/visitor-notice";
import { safeNext } from "@/lib/auth/safe-next";
import { visitorState } from "@/lib/auth/visitor";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const query = await searchParams;
  const next = safeNext(query.next);
  const visitor = await visitorState();
  if (visitor === "signed_in") redirect(next);
  return (
    <>
      <h1 className="mb-6 text-page font-strong">Sign in</h1>
      <SignInForm
        next={next}
        notice={<VisitorNotice unavailable={visitor === "unavailable"} query={query} />}
      />
      <p className="mt-6 text-soft">
        New here?{" "}
        <Link
          href={`/sign-up?next=${encodeURIComponent(next)}`}
          prefetch={false}
          className="text-accent underline"
        >
          Create an account
        </Link>
      </p>
    </>
  );
}
