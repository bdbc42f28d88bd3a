import { z } from "zod";
import { PERSON_NAME_MAX } from "../db/limits";
import type { Preferences } from "../db/schema/users";
import { singleLine } from "../text";
import { isTimeZone } from "./time-zones";

export const THEMES = ["system", "light", "dark"] as const;
/** ISO: 1 is Monday, 6 Saturday, 7 Sunday. */
export const WEEK_STARTS = [1, 6, 7] as const;

/** What holds for a person who has not chosen. */
export const DEFAULT_PREFERENCES: Required<Preferences> = {
  theme: "system",
  timeZone: "UTC",
  weekStart: 1,
};

/** All of a person's choices, with the defaults where they have made none. */
export function readPreferences(chosen: Preferences): Required<Preferences> {
  return { ...DEFAULT_PREFERENCES, ...chosen };
}

/** The settings' form, or the same typed. */
export const settingsInput = z.object({
  name: singleLine(PERSON_NAME_MAX, { required: "Enter your name." }),
  timeZone: z
    .string({ error: "Choose a time zone." })
    .refine(isTimeZone, { error: "Choose a time zone from the list." }),
  weekStart: z.preprocess(
    (value) => (typeof value === "string" && /^\d$/.test(value) ? Number(value) : value),
    z.literal(WEEK_STARTS, { error: "Choose Monday, Saturday or Sunday." }),
  ),
  theme: z.enum(THEMES, { error: "Choose system, light or dark." }),
});
export type Settings = z.output<typeof settingsInput>;
