import { type Check, OUR_SCHEMAS, type Row, select } from "./check";

type Scans = Row & { table: string; rows: number; seq_scans: number; index_scans: number };

export const sequentialScans: Check = {
  name: "sequential_scans",
  title: "Tables that are read whole",
  async run(client, limits) {
    const rows = await select<Scans>(
      client,
      `select s.relid::regclass::text as table, s.n_live_tup::float8 as rows, s.seq_scan::float8 as seq_scans,
              coalesce(s.idx_scan, 0)::float8 as index_scans, s.seq_tup_read::float8 as rows_read
         from pg_stat_user_tables s where s.n_live_tup >= $1 and s.seq_scan > 0 order by s.seq_tup_read desc`,
      [limits.bigTableRows],
    );
    return {
      rows,
      findings: rows
        .filter(
          ({ seq_scans: whole, index_scans: byIndex }) =>
            whole >= limits.seqScans && whole / (whole + byIndex) >= limits.seqScanShare,
        )
        .map(({ table, seq_scans: whole }) => ({
          subject: table,
          advice: `It was read whole ${whole} times; find the query with pnpm db:explain, or below among the slowest statements, and give it an index.`,
        })),
    };
  },
};

export const sizes: Check = {
  name: "sizes",
  title: "Sizes in MiB",
  async run(client) {
    const rows = await select(
      client,
      `select c.oid::regclass::text as table, greatest(c.reltuples, 0)::float8 as rows,
              round(pg_relation_size(c.oid) / 1048576.0, 1)::float8 as heap,
              round(pg_indexes_size(c.oid) / 1048576.0, 1)::float8 as indexes,
              round(coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0) / 1048576.0, 1)::float8 as toast,
              round(pg_total_relation_size(c.oid) / 1048576.0, 1)::float8 as total
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'm', 'p') and ${OUR_SCHEMAS}
        order by pg_total_relation_size(c.oid) desc`,
    );
    return { rows, findings: [] };
  },
};

/** SQL for a setting of autovacuum: a table's own (reloptions) comes before the server's. */
function setting(name: string): string {
  return `coalesce((select option_value from pg_options_to_table(c.reloptions) where option_name = '${name}'),
    current_setting('${name}'))`;
}

type Vacuum = Row & {
  table: string;
  rows: number;
  dead: number;
  threshold: number;
  analyzed: string | null;
  disabled: boolean;
};

export const vacuum: Check = {
  name: "vacuum",
  title: "Dead rows, and when they were last cleaned away",
  async run(client, limits) {
    const rows = await select<Vacuum>(
      client,
      `select s.relid::regclass::text as table, s.n_live_tup::float8 as rows, s.n_dead_tup::float8 as dead,
              (${setting("autovacuum_vacuum_threshold")}::float8
                + ${setting("autovacuum_vacuum_scale_factor")}::float8 * greatest(c.reltuples, 0))::float8 as threshold,
              to_char(greatest(s.last_vacuum, s.last_autovacuum), 'YYYY-MM-DD HH24:MI') as vacuumed,
              to_char(greatest(s.last_analyze, s.last_autoanalyze), 'YYYY-MM-DD HH24:MI') as analyzed,
              coalesce((select option_value::boolean from pg_options_to_table(c.reloptions)
                         where option_name = 'autovacuum_enabled'), true) is false as disabled
         from pg_stat_user_tables s join pg_class c on c.oid = s.relid
        order by s.n_dead_tup desc, 1`,
    );
    const [server] = await select<Row & { off: boolean }>(
      client,
      "select current_setting('autovacuum') = 'off' or current_setting('track_counts') = 'off' as off",
    );
    const findings = rows.flatMap(({ table, rows: live, dead, threshold, analyzed, disabled }) => [
      ...(disabled
        ? [
            {
              subject: table,
              advice: "Autovacuum is off for it: alter table … reset (autovacuum_enabled).",
            },
          ]
        : []),
      ...(dead > threshold * limits.deadRows
        ? [
            {
              subject: table,
              advice: `It has ${dead} dead rows, and autovacuum should have come at ${Math.round(threshold)}: vacuum (analyze) it, and look for a long transaction that holds it up.`,
            },
          ]
        : []),
      ...(analyzed === null && live >= limits.unanalyzedRows
        ? [{ subject: table, advice: "Nobody has analyzed it, so its plans are guesses: analyze it." }]
        : []),
    ]);
    if (server?.off) {
      findings.push({
        subject: "the server",
        advice: "Autovacuum, or what it goes by, is off: set autovacuum and track_counts to on.",
      });
    }
    return { rows: rows.map(({ disabled: _disabled, ...row }) => row), findings };
  },
};

type Age = Row & { subject: string; age: number; limit: number };

export const transactionIds: Check = {
  name: "transaction_ids",
  title: "Transactions since the oldest unfrozen row",
  async run(client, limits) {
    const rows = await select<Age>(
      client,
      `select 'transactions' as subject, age(datfrozenxid)::float8 as age,
              current_setting('autovacuum_freeze_max_age')::float8 as limit
         from pg_database where datname = current_database()
        union all
       select 'multixacts', mxid_age(datminmxid)::float8, current_setting('autovacuum_multixact_freeze_max_age')::float8
         from pg_database where datname = current_database()`,
    );
    return {
      rows,
      findings: rows
        .filter(({ age, limit }) => age > limit * limits.frozenAge)
        .map(({ subject, age }) => ({
          subject,
          advice: `They are ${age} old, and PostgreSQL stops writing at 2 billion: vacuum (freeze), and end what holds autovacuum up.`,
        })),
    };
  },
};
