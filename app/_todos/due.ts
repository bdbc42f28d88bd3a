/** Days and times as people say them. Days are `YYYY-MM-DD`, times `HH:MM`, both in the person's own zone. */

/** What "today" and "overdue" are measured by: the person's own date and wall-clock time. */
export type Clock = { today: string; time: string };

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
// Written out, and not from Intl: the server's and the browser's ICU do not agree on every abbreviation.
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const dayMs = 86_400_000;

function instantOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** The day so many days after another one; before it, for a negative number. */
export function addDays(day: string, days: number): string {
  return new Date(instantOf(day) + days * dayMs).toISOString().slice(0, 10);
}

/** Whole days from one day to another; negative when the second lies before the first. */
export function daysBetween(from: string, to: string): number {
  return (instantOf(to) - instantOf(from)) / dayMs;
}

/** The words of a day, by arithmetic: a list asks for them in every row, and a Date is dear. */
function partsOf(day: string) {
  const since1970 = instantOf(day) / dayMs;
  return {
    // The first of January 1970 was a Thursday; days before it count backwards.
    weekday: weekdays[((since1970 % 7) + 11) % 7] ?? "",
    day: Number(day.slice(8)),
    month: months[Number(day.slice(5, 7)) - 1] ?? "",
  };
}

function isSameYear(day: string, other: string): boolean {
  return day.slice(0, 4) === other.slice(0, 4);
}

function nearWord(distance: number): string | undefined {
  return { [-1]: "Yesterday", 0: "Today", 1: "Tomorrow" }[distance];
}

/** A day in as few words as it takes: "Today", "Tomorrow", "Fri" within a week, "12 Dec", "12 Dec 2027". */
export function formatDay(day: string, today: string): string {
  const distance = daysBetween(today, day);
  const near = nearWord(distance);
  if (near !== undefined) return near;
  const parts = partsOf(day);
  if (distance > 1 && distance < 7) return parts.weekday.slice(0, 3);
  const short = `${parts.day} ${parts.month.slice(0, 3)}`;
  return isSameYear(day, today) ? short : `${short} ${Number(day.slice(0, 4))}`;
}

/** The same within a sentence: "deleted yesterday", "from 12 Dec". */
export function formatDayWithin(day: string, today: string): string {
  return nearWord(daysBetween(today, day))?.toLowerCase() ?? formatDay(day, today);
}

/** When a todo is due, for its row: the day as formatDay says it, and the time when it has one. */
export function formatDue(dueDate: string, dueTime: string | null, today: string): string {
  const day = formatDay(dueDate, today);
  return dueTime === null ? day : `${day} ${dueTime}`;
}

/** A day in full, for headings and tooltips: "Saturday 21 November", with the year when it is another one. */
export function formatLongDay(day: string, today: string): string {
  const parts = partsOf(day);
  const long = `${parts.weekday} ${parts.day} ${parts.month}`;
  return isSameYear(day, today) ? long : `${long} ${Number(day.slice(0, 4))}`;
}

/** The heading of a day in a list by days: "Tomorrow · Saturday 21 November", farther off without the first word. */
export function dayHeading(day: string, today: string): string {
  const near = nearWord(daysBetween(today, day));
  const long = formatLongDay(day, today);
  return near === undefined ? long : `${near} · ${long}`;
}

/** Whether something due then is late: its day has passed, or today its time has. */
export function isOverdue(dueDate: string | null, dueTime: string | null, clock: Clock): boolean {
  if (dueDate === null) return false;
  if (dueDate !== clock.today) return dueDate < clock.today;
  return dueTime !== null && dueTime < clock.time.slice(0, 5);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant as a clock in a time zone shows it. A format for each zone is kept: rows ask for it, and making one is dear. */
function clockIn(timeZone: string, instant: Date): (type: Intl.DateTimeFormatPartTypes) => string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    formats.set(timeZone, format);
  }
  const parts = format.formatToParts(instant);
  return (type) => parts.find((part) => part.type === type)?.value ?? "";
}

/** The day on which an instant falls in a time zone. */
export function dayOf(instant: Date, timeZone: string): string {
  const read = clockIn(timeZone, instant);
  return `${read("year").padStart(4, "0")}-${read("month")}-${read("day")}`;
}

/** The wall-clock time of an instant in a time zone. */
export function timeOf(instant: Date, timeZone: string): string {
  const read = clockIn(timeZone, instant);
  return `${read("hour")}:${read("minute")}`;
}

/** A span of time in one unit, as people would say it: "20 minutes", "5 hours", "3 days". */
export function formatDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const hours = Math.round(seconds / 3600);
  const days = Math.round(seconds / 86_400);
  if (minutes < 1) return "Under a minute";
  if (minutes < 60) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  if (hours < 48) return hours === 1 ? "1 hour" : `${hours} hours`;
  return `${days.toLocaleString("en")} days`;
}
