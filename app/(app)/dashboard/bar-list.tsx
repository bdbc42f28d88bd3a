import { scaleLinear } from "d3-scale";
import Link from "next/link";
import type { Route } from "next";

type Bar = {
  key: string;
  name: string;
  count: number;
  /** A CSS colour; it only decorates the words beside it. */
  colour?: string | undefined;
  href?: string;
};

type BarListProps = {
  /** Unique on the page. React's useId is not, in a server component: a page that comes later counts from one again. */
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
  const width = scaleLinear([0, Math.max(1, ...bars.map((bar) => bar.count))], [0, 100]);
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="pb-2 text-item font-strong">
        {title}
      </h2>
      {about !== undefined && bars.length > 0 && <p className="-mt-2 pb-2 text-meta text-faint">{about}</p>}
      {bars.length === 0 && <p className="text-faint">{empty}</p>}
      {bars.length > 0 && (
        <table className="w-full table-fixed" aria-labelledby={id}>
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
                <th scope="row" className="py-1 text-left font-normal">
                  <span className="block truncate pb-1">
                    {href === undefined ? (
                      name
                    ) : (
                      // Safe: these are addresses of pages of ours, with a query.
                      <Link href={href as Route} prefetch={false} className="no-underline hover:underline">
                        {name}
                      </Link>
                    )}
                  </span>
                  <svg aria-hidden="true" className="block h-1.5 w-full overflow-visible">
                    <rect width="100%" height="100%" rx="3" className="fill-hover" />
                    <rect
                      width={`${width(count)}%`}
                      height="100%"
                      rx="3"
                      className={colour === undefined ? "fill-accent" : undefined}
                      fill={colour}
                    />
                  </svg>
                </th>
                <td className="py-1 text-right align-bottom text-soft">{count.toLocaleString("en")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
