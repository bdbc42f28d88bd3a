import { describe, expect, it } from "vitest";
import {
  addDays,
  dayHeading,
  dayOf,
  daysBetween,
  formatDay,
  formatDayWithin,
  formatDuration,
  formatDue,
  formatLongDay,
  isOverdue,
  timeOf,
} from "@/app/_todos/due";

const today = "2026-11-20"; // a Friday

describe("formatDay", () => {
  it.each([
    ["2026-11-20", "Today"],
    ["2026-11-21", "Tomorrow"],
    ["2026-11-19", "Yesterday"],
    ["2026-11-22", "Sun"],
    ["2026-11-26", "Thu"],
    ["2026-11-27", "27 Nov"],
    ["2026-12-12", "12 Dec"],
    ["2026-11-18", "18 Nov"],
    ["2026-01-02", "2 Jan"],
    ["2027-01-02", "2 Jan 2027"],
    ["2025-12-31", "31 Dec 2025"],
    ["9999-12-31", "31 Dec 9999"],
    ["1970-01-01", "1 Jan 1970"],
  ])("says %s as %s", (day, words) => {
    expect(formatDay(day, today)).toBe(words);
  });

  it("names a weekday across the end of a year", () => {
    expect(formatDay("2027-01-02", "2026-12-30")).toBe("Sat");
  });
});

describe("formatDayWithin", () => {
  it("says only the near words in lower case", () => {
    expect(formatDayWithin("2026-11-20", today)).toBe("today");
    expect(formatDayWithin("2026-11-24", today)).toBe("Tue");
    expect(formatDayWithin("2026-12-12", today)).toBe("12 Dec");
  });
});

describe("formatDue", () => {
  it("adds the time when there is one", () => {
    expect(formatDue("2026-11-20", "14:30", today)).toBe("Today 14:30");
    expect(formatDue("2026-11-20", null, today)).toBe("Today");
  });
});

describe("headings of days", () => {
  it("say the near word and the day in full", () => {
    expect(dayHeading("2026-11-21", today)).toBe("Tomorrow · Saturday 21 November");
    expect(dayHeading("2026-11-30", today)).toBe("Monday 30 November");
  });

  it("say the year only when it is another one", () => {
    expect(formatLongDay("2026-12-31", today)).toBe("Thursday 31 December");
    expect(formatLongDay("2027-01-01", today)).toBe("Friday 1 January 2027");
  });
});

describe("counting days", () => {
  it("knows leap years and the ends of months", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
    expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
    expect(daysBetween("2026-11-20", "2026-11-18")).toBe(-2);
  });
});

describe("isOverdue", () => {
  const clock = { today, time: "14:30:10" };
  it.each([
    [null, null, false],
    ["2026-11-19", null, true],
    ["2026-11-19", "23:59", true],
    ["2026-11-20", null, false],
    ["2026-11-20", "14:29", true],
    ["2026-11-20", "14:30", false],
    ["2026-11-20", "15:00", false],
    ["2026-11-21", "00:00", false],
  ])("of %s %s is %s", (day, time, expected) => {
    expect(isOverdue(day, time, clock)).toBe(expected);
  });
});

describe("an instant in a time zone", () => {
  it("falls on the day that it is there", () => {
    const instant = new Date("2026-11-20T23:30:00Z");
    expect(dayOf(instant, "UTC")).toBe("2026-11-20");
    expect(dayOf(instant, "Europe/Berlin")).toBe("2026-11-21");
    expect(dayOf(instant, "America/Los_Angeles")).toBe("2026-11-20");
  });

  it("has the time that clocks show there, midnight as 00", () => {
    expect(timeOf(new Date("2026-11-20T23:05:00Z"), "Europe/Berlin")).toBe("00:05");
    expect(timeOf(new Date("2026-11-20T13:05:00Z"), "UTC")).toBe("13:05");
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "Under a minute"],
    [29, "Under a minute"],
    [30, "1 minute"],
    [90, "2 minutes"],
    [3540, "59 minutes"],
    [3600, "1 hour"],
    [5400, "2 hours"],
    [170_000, "47 hours"],
    [172_800, "2 days"],
    [86_400 * 2.5, "3 days"],
    [86_400 * 1234, "1,234 days"],
  ])("says %d seconds in one unit: %s", (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });
});
