import Link from "next/link";
import { CairnMark } from "@/app/_ui/cairn-mark";

/** What stands around signing in and signing up: the mark, and a narrow column. */
export default function AuthLayout({ children }: LayoutProps<"/">) {
  return (
    <div className="mx-auto grid min-h-dvh w-full max-w-form content-start px-4 pt-[12vh] pb-16">
      <header className="mb-8">
        <Link
          href="/"
          prefetch={false}
          className="inline-flex items-center gap-2 rounded-control no-underline"
        >
          <CairnMark className="size-8 text-accent" />
          <span className="text-item font-strong">Cairn</span>
        </Link>
      </header>
      <main id="main">{children}</main>
    </div>
  );
}
