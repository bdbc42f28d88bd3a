import { addDays } from "../days";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** On the last day people stop early, so that in no zone anything has happened after the data's own "now". */
const LAST_DAY_LATEST_HOUR = 13;

export type Clock = ReturnType<typeof createClock>;

/**
 * The days of a history, by number: 0 is the first, `last` the day before `today`. All that happens, happens before
 * `today` begins in UTC, and while people are awake in their zones, none of which lies west of Greenwich by more than
 * five hours.
 */
export function createClock({ today, days }: { today: string; days: number }) {
  const first = addDays(today, -days);
  const firstMs = Date.parse(`${first}T00:00:00Z`);
  const dates = new Map<number, string>();
  const offsets = new Map<string, number[]>();
  const last = days - 1;

  /** A zone's distance from UTC on a day; clocks change at night, when everybody sleeps. */
  function offset(timeZone: string, day: number): number {
    let known = offsets.get(timeZone);
    if (known === undefined) offsets.set(timeZone, (known = []));
    return (known[day] ??= offsetAt(timeZone, firstMs + day * DAY_MS + DAY_MS / 2));
  }

  return {
    last,
    /** The day's date, YYYY-MM-DD; days may lie outside of the history. */
    date(day: number): string {
      let date = dates.get(day);
      if (date === undefined) dates.set(day, (date = addDays(first, day)));
      return date;
    },
    /** An instant on a person's day, in whole seconds: `share` of the way from seven in the morning to eleven at night. */
    instant(timeZone: string, day: number, share: number): number {
      const hours = (day === last ? LAST_DAY_LATEST_HOUR : 22) - 7;
      const second = Math.floor(share * hours * 3600) * 1000;
      return firstMs + day * DAY_MS + 7 * HOUR_MS + second - offset(timeZone, day);
    },
    /** The number of the UTC day that an instant lies on. */
    dayOf: (instant: number) => Math.floor((instant - firstMs) / DAY_MS),
  };
}

function offsetAt(timeZone: string, instant: number): number {
  const local = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  return Date.parse(`${local.format(instant).replace(" ", "T")}Z`) - instant;
}
