import { DatabaseError } from "pg";
import { withConnection } from "../connection";
import { cacheHits, slowestStatements, transactions } from "./activity";
import { type Check, LIMITS, type Limits, type Outcome } from "./check";
import { foreignKeys, invalidIndexes, redundantIndexes, unusedIndexes } from "./indexes";
import { sequentialScans, sizes, transactionIds, vacuum } from "./tables";

const CHECKS: readonly Check[] = [
  sequentialScans,
  unusedIndexes,
  redundantIndexes,
  foreignKeys,
  invalidIndexes,
  sizes,
  vacuum,
  transactionIds,
  cacheHits,
  transactions,
  slowestStatements,
];

export type Diagnosis = Outcome & { check: string; title: string };

/**
 * Looks at a database from all sides, and changes nothing. What this role may not see is said in a note. PostgreSQL 15 or
 * newer.
 * @param url the owner's, over TCP
 * @throws ConnectionError
 */
export async function diagnose(url: string, limits: Limits = LIMITS): Promise<Diagnosis[]> {
  return withConnection(url, async (client) => {
    await client.query("begin read only");
    await client.query("set local statement_timeout = '30s'; set local lock_timeout = '5s'");
    const all: Diagnosis[] = [];
    for (const { name: check, title, run } of CHECKS) {
      await client.query("savepoint one");
      let outcome: Outcome;
      try {
        outcome = await run(client, limits);
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        await client.query("rollback to one");
        outcome = { rows: [], findings: [], notes: [`It could not be looked at: ${error.message}.`] };
      }
      all.push({ check, title, ...outcome });
    }
    await client.query("rollback");
    return all;
  });
}
