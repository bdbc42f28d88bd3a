import { type Client, DatabaseError } from "pg";
import { type Check, type Outcome, type Row, select } from "./check";

/** Names in comments are ours; anything else of a query's text can hold what people wrote. */
const NAME = `substring(query from '^/\\* ([A-Za-z0-9_. ]+) \\*/')`;

export const cacheHits: Check = {
  name: "cache_hit_ratio",
  title: "Pages found in memory",
  async run(client, limits) {
    const [row] = await select<Row & { hits: number; reads: number; ratio: number | null }>(
      client,
      `select blks_hit::float8 as hits, blks_read::float8 as reads,
              round(blks_hit::numeric / nullif(blks_hit + blks_read, 0), 4)::float8 as ratio
         from pg_stat_database where datname = current_database()`,
    );
    if (row === undefined) return { rows: [], findings: [] };
    const poor = row.reads >= limits.pagesRead && row.ratio !== null && row.ratio < limits.cacheHitRatio;
    return {
      rows: [row],
      findings: poor
        ? [
            {
              subject: "the server",
              advice: `Only ${Math.round((row.ratio ?? 0) * 100)} % of the pages were found in memory: look for statements that read much, or give the server more memory.`,
            },
          ]
        : [],
    };
  },
};

type Session = Row & {
  pid: number;
  role: string | null;
  state: string | null;
  seconds: number;
  idle: number;
  waiting: number | null;
  blocked_by: string;
  hidden: boolean;
};

export const transactions: Check = {
  name: "transactions",
  title: "Long transactions and waiting locks",
  async run(client, limits) {
    const all = await select<Session>(
      client,
      `select a.pid, a.usename::text as role, a.state, ${NAME} as statement,
              round(extract(epoch from clock_timestamp() - a.xact_start))::float8 as seconds,
              round(extract(epoch from clock_timestamp() - a.state_change))::float8 as idle,
              case when a.wait_event_type = 'Lock'
                   then round(extract(epoch from clock_timestamp() - coalesce((select min(l.waitstart) from pg_locks l where l.pid = a.pid and not l.granted), a.query_start)))::float8 end as waiting,
              array_to_string(pg_blocking_pids(a.pid), ', ') as blocked_by,
              a.query = '<insufficient privilege>' as hidden
         from pg_stat_activity a
        where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_type = 'client backend'
          and (a.xact_start is not null or a.query = '<insufficient privilege>')
        order by a.xact_start`,
    );
    const rows = all.filter(({ hidden }) => !hidden);
    const findings = rows.flatMap(({ pid, state, seconds, idle, waiting, blocked_by: blockers }) => {
      const subject = `process ${pid}`;
      if (waiting !== null && waiting >= limits.lockWaitSeconds) {
        return [
          {
            subject,
            advice: `It has waited ${waiting} s for a lock of process ${blockers}: end that one's transaction, or select pg_terminate_backend(…).`,
          },
        ];
      }
      if (state?.startsWith("idle in transaction") && idle >= limits.idleInTransactionSeconds) {
        return [
          {
            subject,
            advice: `It has been idle in a transaction for ${idle} s, holding its locks and VACUUM up: select pg_terminate_backend(${pid}).`,
          },
        ];
      }
      if (state === "active" && seconds >= limits.transactionSeconds) {
        return [
          {
            subject,
            advice: `Its transaction has run for ${seconds} s and holds VACUUM up: wait for it, or select pg_cancel_backend(${pid}).`,
          },
        ];
      }
      return [];
    });
    const hidden = all.length - rows.length;
    return {
      rows: rows.map(({ hidden: _hidden, idle: _idle, ...row }) => row),
      findings,
      ...(hidden > 0 && {
        notes: [`${hidden} sessions of other roles can not be seen: grant pg_monitor to this one.`],
      }),
    };
  },
};

const TURN_ON =
  "It is not there: add pg_stat_statements to shared_preload_libraries and restart (Neon has it ready), then create extension pg_stat_statements.";

type Slow = Row & { statement: string; named: boolean; calls: number; mean_ms: number };

export const slowestStatements: Check = {
  name: "slowest_statements",
  title: "Statements that took the most time",
  async run(client, limits): Promise<Outcome> {
    const schema = await extensionSchema(client);
    if (schema === null) return { rows: [], findings: [], notes: [TURN_ON] };
    await client.query("savepoint statements");
    try {
      const rows = await select<Slow>(
        client,
        // Of what carries no name, only the kind: utility statements keep their values, such as a new password.
        `select coalesce(${NAME}, upper(substring(query from '^(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*(\\w+)')) || ' (no name)', '(no name)') as statement,
                calls::float8 as calls, round(total_exec_time)::float8 as total_ms, round(mean_exec_time::numeric, 1)::float8 as mean_ms,
                round(rows::numeric / greatest(calls, 1), 1)::float8 as rows_each,
                round((shared_blks_hit + shared_blks_read)::numeric / greatest(calls, 1))::float8 as pages_each, queryid::text as query_id,
                ${NAME} is not null as named
           from ${schema}.pg_stat_statements
          where dbid = (select oid from pg_database where datname = current_database())
          order by total_exec_time desc limit 10`,
      );
      return {
        rows: rows.map(({ named: _named, ...row }) => row),
        // What has no name is not the app's: a seed, a migration, somebody at a terminal.
        findings: rows
          .filter(
            ({ named, calls, mean_ms: ms }) => named && calls >= limits.slowCalls && ms >= limits.slowMs,
          )
          .map(({ statement, calls, mean_ms: ms }) => ({
            subject: statement,
            advice: `It took ${ms} ms on average, ${calls} times: look at its plan with pnpm db:explain.`,
          })),
      };
    } catch (error) {
      // It was created, and the server has not loaded it.
      if (!(error instanceof DatabaseError) || error.code !== "55000") throw error;
      await client.query("rollback to statements");
      return { rows: [], findings: [], notes: [TURN_ON] };
    }
  },
};

async function extensionSchema(client: Client): Promise<string | null> {
  const [row] = await select<Row & { schema: string }>(
    client,
    `select quote_ident(n.nspname) as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace
      where e.extname = 'pg_stat_statements'`,
  );
  return row?.schema ?? null;
}
