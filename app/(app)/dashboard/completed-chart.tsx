import { scaleBand, scaleLinear } from "d3-scale";
import { curveMonotoneX, line } from "d3-shape";
import { formatDay, formatLongDay } from "@/app/_todos/due";

type Day = {
  /** YYYY-MM-DD */
  day: string;
  count: number;
};

type NamedDay = Day & { name: string };

/**
 * How many todos were completed on each of the last days: bars, their weekly average as a line, and all of it as a
 * table. The drawing is stretched to the page's width in per cent, and its words are HTML around it, so that they keep
 * their size on a phone. What there is of each day is written as text: as elements, React would render, send and render
 * again two hundred of them that nobody can press.
 */
export function CompletedChart({ days, today }: { days: readonly Day[]; today: string }) {
  const x = scaleBand(
    days.map(({ day }) => day),
    [0, 100],
  ).padding(0.25);
  const y = scaleLinear([0, Math.max(4, ...days.map(({ count }) => count))], [100, 0]).nice(4);
  const ticks = y.ticks(4).filter(Number.isInteger);
  const centre = (day: string) => (x(day) ?? 0) + x.bandwidth() / 2;
  const named = days.map((day) => ({ ...day, name: formatLongDay(day.day, today) }));
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
          // Numbers and the names of days: nothing in it that anybody wrote.
          dangerouslySetInnerHTML={{
            __html: drawTicks(ticks, y) + drawBars(named, today, x, y) + drawAverage(days, centre, y),
          }}
        />
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
        <table className="mt-2 w-full max-w-form [&_td]:py-1 [&_td]:text-right [&_th]:py-1 [&_th]:text-left [&_th]:font-normal [&_th:last-child]:text-right [&_tr]:border-b [&_tr]:border-line">
          <thead>
            <tr className="text-meta text-faint">
              <th scope="col">Day</th>
              <th scope="col">Completed</th>
            </tr>
          </thead>
          <tbody dangerouslySetInnerHTML={{ __html: tableRows(named) }} />
        </table>
      </details>
    </section>
  );
}

type BandScale = ReturnType<typeof scaleBand<string>>;
type CountScale = ReturnType<typeof scaleLinear<number>>;

function drawTicks(ticks: readonly number[], y: CountScale): string {
  return ticks
    .map(
      (tick) => `<path d="M0 ${short(y(tick))}h100" vector-effect="non-scaling-stroke" class="stroke-line"/>`,
    )
    .join("");
}

/** A bar for each day, with its words as a tooltip. */
function drawBars(days: readonly NamedDay[], today: string, x: BandScale, y: CountScale): string {
  const width = short(x.bandwidth());
  const bars = days.map(({ day, name, count }) => {
    const place = `x="${short(x(day) ?? 0)}" y="${short(y(count))}" width="${width}" height="${short(100 - y(count))}"`;
    const look = day === today ? ' class="fill-accent"' : "";
    return `<rect ${place}${look}><title>${name}: ${count}</title></rect>`;
  });
  return `<g class="fill-accent/45">${bars.join("")}</g>`;
}

function drawAverage(days: readonly Day[], centre: (day: string) => number, y: CountScale): string {
  const path = line<Day>(
    ({ day }) => centre(day),
    ({ count }) => y(count),
  )
    .digits(2)
    .curve(curveMonotoneX)(weeklyAverage(days));
  return `<path d="${path ?? ""}" vector-effect="non-scaling-stroke" class="fill-none stroke-soft" stroke-width="1.5"/>`;
}

/** The newest day first. */
function tableRows(days: readonly NamedDay[]): string {
  return days
    .toReversed()
    .map(({ name, count }) => `<tr><th scope="row">${name}</th><td>${count}</td></tr>`)
    .join("");
}

/** As exact as a screen shows it: a hundredth of a hundredth. */
function short(number: number): number {
  return Math.round(number * 100) / 100;
}

/** For each day the mean of it and the six before, as far as they are known. */
function weeklyAverage(days: readonly Day[]): Day[] {
  return days.map(({ day }, index) => {
    const week = days.slice(Math.max(0, index - 6), index + 1);
    return { day, count: week.reduce((sum, { count }) => sum + count, 0) / week.length };
  });
}
