/**
 * The time zones to choose from, by IANA name. Make lists of them on the server only: each browser knows its own, so a
 * list rendered on both sides would differ.
 */
export const TIME_ZONES: readonly string[] = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];

/**
 * Whether a name is one of a time zone: one of the list, or another spelling of one of its places, because browsers
 * differ in them ("Asia/Kolkata", "Asia/Calcutta"). Offsets are none: PostgreSQL reads their sign the other way round.
 */
export function isTimeZone(name: string): boolean {
  if (TIME_ZONES.includes(name)) return true;
  if (!/^[A-Z]\w+(\/[A-Z][\w+-]+)+$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
