/**
 * Every limit of Cairn, once. Client-safe: the Zod schemas, the database checks, the inputs' maxLength and the
 * messages all read these. Lengths are in Unicode code points (what PostgreSQL's char_length counts) unless the
 * name says otherwise.
 */
export const TITLE_MAX = 200;
export const DESCRIPTION_MAX = 10_000;
export const TAG_NAME_MAX = 50;
export const TAG_ICON_MAX = 8;
export const TAGS_PER_TODO_MAX = 50;
export const PERSON_NAME_MAX = 100;
export const EMAIL_MAX = 254; // RFC 5321 §4.5.3.1.3, less the angle brackets
export const BIO_MAX = 500;
export const ORGANIZATION_NAME_MAX = 100;
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 256;
export const SEARCH_QUERY_MAX = 500;
/** What one query may ask for: words, phrases and filters, and parentheses within each other. */
export const QUERY_TERMS_MAX = 50;
export const QUERY_DEPTH_MAX = 10;
/** How far from today a query may count days (a hundred years), so that no sum of days leaves the calendar. */
export const QUERY_DAYS_MAX = 36_500;
export const USER_AGENT_MAX = 400;

export const PRIORITY_MIN = 0;
export const PRIORITY_MAX = 5;
/** From this priority on a todo is "high" and needs a due date. */
export const PRIORITY_HIGH = 4;

/** Due dates people may choose: years of four digits, because that is what date inputs and people can read. */
export const DATE_MIN = "1970-01-01";
export const DATE_MAX = "9999-12-31";

export const PAGE_SIZE = 50;
export const DASHBOARD_LIST_SIZE = 20;
export const DASHBOARD_DAYS = 30;
export const DASHBOARD_TAGS_MAX = 12;
export const DASHBOARD_POSTPONED_MAX = 5;
/** How many of the latest completed todos the dashboard's rates are computed from, at most. */
export const DASHBOARD_SAMPLE_MAX = 200;
/** Counts shown to people stop here ("1,000+"), so that counting costs the same for everyone. */
export const COUNT_MAX = 1_000;
/** How many fresh todos come with the answer to an undo; a page of more is read anew. */
export const UNDO_ROWS_MAX = 200;

/**
 * Todos that one command names, and that it finds by a filter: what a statement's ten seconds are enough for, also where
 * the database is slow. With several tags, these are how many times one is put on a todo.
 */
export const BULK_IDS_MAX = 1_000;
export const BULK_FOUND_MAX = 5_000;
/** Tags that one command puts on, or takes off, all of them. */
export const BULK_TAGS_MAX = 5;
/** Days by which due dates are put off, or brought forward, at once: a hundred years. */
export const BULK_DAYS_MAX = 36_500;
/** How many todos that were left come with the answer, and how many fresh ones: a page. */
export const BULK_LEFT_MAX = 1_000;
export const BULK_ROWS_MAX = PAGE_SIZE;

/** Rows of one import. */
export const IMPORT_ROWS_MAX = 100_000;
/** Rows that an import names as bad; it counts them all. */
export const IMPORT_BAD_ROWS_MAX = 1_000;

/** Days a session lives after its last use; app.enter moves the end forward. */
export const SESSION_IDLE_DAYS = 30;
/** Days after which even a session in daily use ends. */
export const SESSION_ABSOLUTE_DAYS = 180;

/** Days that the trash is kept. */
export const TRASH_DAYS = 30;
/** Days that a session's row is kept after it expired or was revoked. */
export const ENDED_SESSION_DAYS = 7;

/** Minutes by which the moment in a command's key may differ from the server's: for clocks, and for a second thought. */
export const COMMAND_KEY_MINUTES_MAX = 15;

/** The largest form that an action accepts, in bytes. */
export const FORM_BYTES_MAX = 1_048_576;
/** The largest request that is read at all, in bytes. Between the two, a form is read and answered with a message. */
export const REQUEST_BYTES_MAX = 3 * FORM_BYTES_MAX;
