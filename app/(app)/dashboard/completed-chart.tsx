import { scaleBand, scaleLinear } from "d3-scale";
import { curveMonotoneX, line } from "d3-shape";
import { formatDay, formatLongDay } from "@/app/_todos/due";

type Day = {
  /** YYYY-MM-DD */
  day: string;
  count: number;
};

/**
 * How many todos were completed on each of the last days: bars, their weekly average as a line, and all of it as a
 * table. The drawing is stretched to the page's width in per cent, and its words are HTML around it, so that they keep
 * their size on a phone.
 */
export function CompletedChart({ days, today }: { days: readonly Day[]; today: string }) {
  const x = scaleBand(
    days.map(({ day }) => day),
    [0, 100],
  ).padding(0.25);
  const y = scaleLinear([0, Math.max(4, ...days.map(({ count }) => count))], [100, 0]).nice(4);
  const centre = (day: string) => (x(day) ?? 0) + x.bandwidth() / 2;
  const average = line<Day>(
    ({ day }) => centre(day),
    ({ count }) => y(count),
  ).curve(curveMonotoneX)(weeklyAverage(days));
  const ticks = y.ticks(4).filter(Number.isInteger);
  const total = days.reduce((sum, { count }) => sum + count, 0);
  return (
    <section aria-labelledby="completed">
      <h2 id="completed" className="text-item font-strong">
        Completed per day
      </h2>
      <p id="completed-summary" className="pb-3 text-meta text-faint">
        {total.toLocaleString("en")} in the last {days.length} days. The line is the average of a week.
      </p>
      <div className="relative ml-7 h-44">
        <svg
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
          role="img"
          aria-labelledby="completed completed-summary"
          className="absolute inset-0 size-full overflow-visible"
        >
          {ticks.map((tick) => (
            <line
              key={tick}
              x2="100"
              y1={y(tick)}
              y2={y(tick)}
              vectorEffect="non-scaling-stroke"
              className="stroke-line"
            />
          ))}
          {days.map(({ day, count }) => (
            <rect
              key={day}
              x={x(day)}
              y={y(count)}
              width={x.bandwidth()}
              height={100 - y(count)}
              className={day === today ? "fill-accent" : "fill-accent/45"}
            >
              <title>{`${formatLongDay(day, today)}: ${count}`}</title>
            </rect>
          ))}
          {average !== null && (
            <path
              d={average}
              vectorEffect="non-scaling-stroke"
              className="fill-none stroke-soft"
              strokeWidth="1.5"
            />
          )}
        </svg>
        {ticks.map((tick) => (
          <span
            key={tick}
            aria-hidden="true"
            className="absolute right-full mr-2 -translate-y-1/2 text-meta text-faint"
            style={{ top: `${y(tick)}%` }}
          >
            {tick}
          </span>
        ))}
      </div>
      <div aria-hidden="true" className="relative ml-7 h-6 text-meta text-faint">
        {days.map(({ day }, index) =>
          (days.length - 1 - index) % 7 === 0 ? (
            <span
              key={day}
              className={
                day === today ? "absolute top-1 right-0" : "absolute top-1 -translate-x-1/2 whitespace-nowrap"
              }
              style={day === today ? undefined : { left: `${centre(day)}%` }}
            >
              {day === today ? "Today" : formatDay(day, today)}
            </span>
          ) : null,
        )}
      </div>
      <details className="pt-2">
        <summary className="inline-block min-h-6 text-meta text-faint">As a table</summary>
        <table className="mt-2 w-full max-w-form">
          <thead>
            <tr className="border-b border-line text-left text-meta text-faint">
              <th scope="col" className="py-1 font-normal">
                Day
              </th>
              <th scope="col" className="py-1 text-right font-normal">
                Completed
              </th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ day, count }) => (
              <tr key={day} className="border-b border-line">
                <th scope="row" className="py-1 text-left font-normal">
                  {formatLongDay(day, today)}
                </th>
                <td className="py-1 text-right">{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

/** For each day the mean of it and the six before, as far as they are known. */
function weeklyAverage(days: readonly Day[]): Day[] {
  return days.map(({ day }, index) => {
    const week = days.slice(Math.max(0, index - 6), index + 1);
    return { day, count: week.reduce((sum, { count }) => sum + count, 0) / week.length };
  });
}
