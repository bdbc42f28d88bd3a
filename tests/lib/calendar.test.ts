import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockTime, day } from "@/lib/calendar";

function problem(value: unknown): string | undefined {
  return day().safeParse(value).error?.issues[0]?.message;
}

describe("day", () => {
  it("takes real days from 1970 to 9999, leap days among them", () => {
    for (const text of ["1970-01-01", "2024-02-29", "2026-11-20", "9999-12-31"]) {
      expect(day().parse(text)).toBe(text);
    }
  });

  it("says of a day that does not exist that it is none", () => {
    for (const text of ["2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00"]) {
      expect(problem(text)).toBe(`${text} is not a day.`);
    }
  });

  it("says which years there are", () => {
    for (const text of ["10000-01-01", "1969-12-31", "0001-01-01", "0000-01-01"]) {
      expect(problem(text)).toBe("Choose a date between 1970 and 9999.");
    }
  });

  it("says how a date is written", () => {
    for (const text of [
      "20 Nov 2026",
      "2026-1-1",
      "2026-11-20T00:00",
      "-2026-11-20",
      "+002026-11-20",
      "٢٠٢٦-١١-٢٠",
    ]) {
      expect(problem(text)).toBe("Write the date as YYYY-MM-DD.");
    }
    expect(problem(null)).toBe("Choose a date.");
  });

  it("agrees with the calendar on every day", () => {
    const days = fc.date({ min: new Date("1970-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(days, (date) => {
        const text = date.toISOString().slice(0, 10);
        expect(day().parse(text)).toBe(text);
      }),
    );
  });
});

describe("clockTime", () => {
  it("takes HH:MM and nothing else", () => {
    for (const text of ["00:00", "09:30", "23:59"]) expect(clockTime().parse(text)).toBe(text);
    for (const text of ["24:00", "9:30", "09:60", "09:30:00", "noon", ""]) {
      expect(clockTime().safeParse(text).error?.issues[0]?.message).toBe(
        "Write the time as HH:MM, from 00:00 to 23:59.",
      );
    }
  });
});
