import { describe, expect, expectTypeOf, it } from "vitest";
import type { Preferences } from "@/lib/db/schema/users";
import { fieldErrors } from "@/lib/result";
import { readPreferences, settingsInput, type Settings } from "@/lib/settings/input";
import { isTimeZone, TIME_ZONES } from "@/lib/settings/time-zones";

const typed = {
  name: "Mia",
  timeZone: "Europe/Berlin",
  weekStart: 7,
  theme: "dark",
} as const;

function refusedFields(input: unknown): string[] {
  const parsed = settingsInput.safeParse(input);
  return parsed.success ? [] : Object.keys(fieldErrors(parsed.error));
}

describe("settingsInput", () => {
  it("reads a form's texts as it reads typed values", () => {
    expect(settingsInput.parse({ ...typed, weekStart: "7" })).toEqual(typed);
    expect(settingsInput.parse(typed)).toEqual(typed);
    expectTypeOf<Omit<Settings, "name">>().toExtend<Required<Preferences>>();
  });

  it.each([
    ["name", ""],
    ["name", "   "],
    ["name", "n".repeat(101)],
    ["name", "a\u0000"],
    ["timeZone", ""],
    ["timeZone", "Mars/Olympus_Mons"],
    ["timeZone", "+05:30"],
    ["timeZone", "'; drop table users; --"],
    ["weekStart", ""],
    ["weekStart", "2"],
    ["weekStart", null],
    ["theme", "sepia"],
  ])("refuses %s %j beside its field", (field, value) => {
    expect(refusedFields({ ...typed, [field]: value })).toEqual([field]);
  });

  it("asks for all that is missing", () => {
    expect(refusedFields({})).toEqual(["name", "timeZone", "weekStart", "theme"]);
  });

  it("keeps a name with an emoji and markup exactly, of up to 100 code points", () => {
    const name = `<b>${"🪨".repeat(97)}`;
    expect(settingsInput.parse({ ...typed, name }).name).toBe(name);
  });
});

describe("isTimeZone", () => {
  it("knows UTC and every listed zone", () => {
    expect(TIME_ZONES).toContain("UTC");
    expect(TIME_ZONES.length).toBeGreaterThan(300);
    expect(TIME_ZONES.filter((zone) => !isTimeZone(zone))).toEqual([]);
  });

  it("knows both spellings of a place, whichever the browser says", () => {
    expect(["Asia/Kolkata", "Asia/Calcutta", "Europe/Kyiv", "Europe/Kiev"].filter(isTimeZone)).toHaveLength(
      4,
    );
  });

  it.each([
    "",
    "GMT+5",
    "+02:00",
    "Europe",
    "Europe/",
    "Nowhere/Land",
    "Europe/Berlin\u0000",
    "../etc/passwd",
  ])("refuses %j", (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});

describe("readPreferences", () => {
  it("fills in what was not chosen, and keeps what was", () => {
    expect(readPreferences({ weekStart: 7 })).toEqual({
      theme: "system",
      timeZone: "UTC",
      weekStart: 7,
    });
  });
});
