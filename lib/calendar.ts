import { z } from "zod";
import { DATE_MAX, DATE_MIN } from "./db/limits";

/** The rules for days and times of day that people write, as the fields of forms give them. Client-safe. */

const YEARS = "Choose a date between 1970 and 9999.";

/** A real day as YYYY-MM-DD, from 1970 to 9999. */
export function day() {
  return z.string({ error: "Choose a date." }).superRefine((text, context) => {
    const refuse = (message: string) => context.addIssue({ code: "custom", message });
    const [, year, rest] = /^(\d{4,6})(-\d{2}-\d{2})$/.exec(text) ?? [];
    if (year === undefined || rest === undefined) return refuse("Write the date as YYYY-MM-DD.");
    if (year.length > 4) return refuse(YEARS);
    // JavaScript moves days that do not exist into the next month.
    const date = new Date(`${text}T00:00:00Z`);
    if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text)) {
      return refuse(`${text} is not a day.`);
    }
    if (text < DATE_MIN || text > DATE_MAX) return refuse(YEARS);
  });
}

/** A time of the day as HH:MM. */
export function clockTime() {
  return z
    .string({ error: "Choose a time." })
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "Write the time as HH:MM, from 00:00 to 23:59." });
}
