import { scaleBand, scaleLinear } from "d3-scale";
import { curveMonotoneX, line } from "d3-shape";
import { formatDay, formatLongDay } from "@/app/_todos/due";

type Day = {
  /** YYYY-MM-DD */
  day: string;
  count: number;
};

const width = 720;
const height = 180;
const margin = { top: 8, right: 4, bottom: 24, left: 28 };

/** How many todos were completed on each of the last days: bars, their weekly average as a line, and all of it as a table. */
export function CompletedChart({ days, today }: { days: readonly Day[]; today: string }) {
  const x = scaleBand(
    days.map(({ day }) => day),
    [margin.left, width - margin.right],
  ).padding(0.25);
  const y = scaleLinear(
    [0, Math.max(4, ...days.map(({ count }) => count))],
    [height - margin.bottom, margin.top],
  ).nice(4);
  const centre = (day: string) => (x(day) ?? 0) + x.bandwidth() / 2;
  const average = line<Day>(
    ({ day }) => centre(day),
    ({ count }) => y(count),
  ).curve(curveMonotoneX)(weeklyAverage(days));
  const total = days.reduce((sum, { count }) => sum + count, 0);
  return (
    <section aria-labelledby="completed">
      <h2 id="completed" className="text-item font-strong">
        Completed per day
      </h2>
      <p id="completed-summary" className="pb-2 text-meta text-faint">
        {total.toLocaleString("en")} in the last {days.length} days. The line is the average of a week.
      </p>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-labelledby="completed completed-summary"
        className="block h-auto w-full overflow-visible"
      >
        {y
          .ticks(4)
          .filter(Number.isInteger)
          .map((tick) => (
            <g key={tick} transform={`translate(0 ${y(tick)})`}>
              <line x1={margin.left} x2={width - margin.right} className="stroke-line" />
              <text x={margin.left - 8} dy="0.32em" textAnchor="end" className="fill-faint text-[11px]">
                {tick}
              </text>
            </g>
          ))}
        {days.map(({ day, count }) => (
          <rect
            key={day}
            x={x(day)}
            y={y(count)}
            width={x.bandwidth()}
            height={y(0) - y(count)}
            rx="2"
            className={day === today ? "fill-accent" : "fill-accent/45"}
          >
            <title>{`${formatLongDay(day, today)}: ${count}`}</title>
          </rect>
        ))}
        {average !== null && <path d={average} className="fill-none stroke-soft" strokeWidth="1.5" />}
        {days.map(({ day }, index) =>
          (days.length - 1 - index) % 7 === 0 ? (
            <text
              key={day}
              x={centre(day)}
              y={height - 6}
              textAnchor={day === today ? "end" : "middle"}
              className="fill-faint text-[11px]"
            >
              {formatDay(day, today)}
            </text>
          ) : null,
        )}
      </svg>
      <details className="pt-1">
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
