import type { Client } from "pg";

/** From when on something needs a hand. */
export type Limits = typeof LIMITS;

export const LIMITS = {
  /** A table with fewer rows is read whole because that is quickest. */
  bigTableRows: 10_000,
  /** Of a big table, whole readings so far, and their share of all readings. */
  seqScans: 20,
  seqScanShare: 0.01,
  /** An index is unused when its table was read so often without it, in statistics of so many days. */
  tableScans: 1_000,
  statisticsDays: 7,
  /** Dead rows, as a multiple of what calls autovacuum. */
  deadRows: 2,
  /** Rows of a table that nobody has analyzed. */
  unanalyzedRows: 1_000,
  /** Pages read from the disk, before their share says anything; and the least share found in memory. */
  pagesRead: 100_000,
  cacheHitRatio: 0.95,
  transactionSeconds: 300,
  idleInTransactionSeconds: 60,
  lockWaitSeconds: 10,
  /** A statement is slow when it was called so often and took so long on average. */
  slowCalls: 10,
  slowMs: 500,
  /** Transactions since the oldest row that was not frozen, as a multiple of what calls autovacuum. */
  frozenAge: 1.5,
};

/** Something that needs a hand. */
export type Finding = {
  /** What it is about: a table, an index, a process. */
  subject: string;
  /** One sentence: what is wrong, and what to do. */
  advice: string;
};

export type Row = Record<string, string | number | boolean | null>;

/** What a check saw. */
export type Outcome = {
  rows: Row[];
  findings: Finding[];
  /** What it could not see, or can not say yet. */
  notes?: string[];
};

export type Check = {
  name: string;
  title: string;
  run: (client: Client, limits: Limits) => Promise<Outcome>;
};

/** Runs a query and gives its rows; numbers come as numbers. */
export async function select<Result extends Row>(
  client: Client,
  text: string,
  params: unknown[] = [],
): Promise<Result[]> {
  return (await client.query<Result>(text, params)).rows;
}

/** The tables of the application, not those of PostgreSQL or of an extension. */
export const OUR_SCHEMAS =
  "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'";
