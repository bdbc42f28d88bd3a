import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { SignUpForm } from "@/app/(auth)/sign-up/sign-up-form";
import { VisitorNotice } from "@/app/(auth)/visitor-notice";
import { safeNext } from "@/lib/auth/safe-next";
import { visitorState } from "@/lib/auth/visitor";

export const metadata: Metadata = { title: "Create an account" };

export default async function SignUpPage({ searchParams }: PageProps<"/sign-up">) {
  const query = await searchParams;
  const next = safeNext(query.next);
  const visitor = await visitorState();
  if (visitor === "signed_in") redirect(next);
  return (
    <>
      <h1 className="mb-6 text-page font-strong">Create an account</h1>
      <SignUpForm
        next={next}
        notice={<VisitorNotice unavailable={visitor === "unavailable"} query={query} />}
      />
      <p className="mt-6 text-soft">
        Already have an account?{" "}
        <Link
          href={`/sign-in?next=${encodeURIComponent(next)}`}
          prefetch={false}
          className="text-accent underline"
        >
          Sign in
        </Link>
      </p>
    </>
  );
}
