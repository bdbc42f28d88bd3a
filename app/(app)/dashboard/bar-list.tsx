"use client";

import Link from "next/link";
import type { Route } from "next";
import type { CSSProperties } from "react";

// A client component, so that a page carries the names and the counts once more for hydration, and not all this markup.

export type Bar = {
  key: string;
  name: string;
  count: number;
  /** A CSS colour; it only decorates the words beside it. */
  colour?: string | undefined;
  href?: string;
};

type BarListProps = {
  /** Unique on the page. */
  id: string;
  title: string;
  /** What the names are. */
  column: string;
  /** What the numbers count. */
  counted?: string;
  bars: readonly Bar[];
  /** What the numbers mean, where the title does not say it. */
  about?: string;
  /** What stands there when there are no bars. */
  empty?: string;
};

/** Counts as a table whose rows carry a bar: it reads without the bars, and compares at a glance with them. */
export function BarList({ id, title, column, counted = "Todos", about, bars, empty }: BarListProps) {
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="pb-2 text-item font-strong">
        {title}
      </h2>
      {about !== undefined && bars.length > 0 && <p className="-mt-2 pb-2 text-meta text-faint">{about}</p>}
      {bars.length === 0 && <p className="text-faint">{empty}</p>}
      {bars.length > 0 && (
        <table className="bar-list" aria-labelledby={id}>
          <colgroup>
            <col />
            <col className="w-14" />
          </colgroup>
          <thead className="sr-only">
            <tr>
              <th scope="col">{column}</th>
              <th scope="col">{counted}</th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ key, name, count, colour, href }) => (
              <tr key={key}>
                <th scope="row">
                  {href === undefined ? (
                    <span>{name}</span>
                  ) : (
                    // Safe: these are addresses of pages of ours, with a query.
                    <Link href={href as Route} prefetch={false}>
                      {name}
                    </Link>
                  )}
                  <div aria-hidden="true" className="bar" style={barStyle(count / most, colour)} />
                </th>
                <td>{count.toLocaleString("en")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** What the class `bar` is drawn by. */
function barStyle(share: number, colour: string | undefined): CSSProperties {
  const style: Record<`--${string}`, string> = { "--share": `${Math.round(share * 1000) / 10}%` };
  if (colour !== undefined) style["--bar"] = colour;
  return style;
}
