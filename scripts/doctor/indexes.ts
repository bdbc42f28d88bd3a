import type { Client } from "pg";
import { type Check, OUR_SCHEMAS, type Row, select } from "./check";

type Index = {
  table: string;
  name: string;
  method: string;
  unique: boolean;
  /** It is there for a constraint, which would have to go first. */
  constraint: boolean;
  valid: boolean;
  building: boolean;
  predicate: string;
  /** Each with its operator class, collation and direction. */
  keys: string[];
  /** The keys' columns; an expression is "". */
  columns: string[];
  include: string[];
  scans: number;
  tableScans: number;
  mib: number;
};

async function readIndexes(client: Client): Promise<Index[]> {
  const { rows } = await client.query<Index>(
    `select i.indrelid::regclass::text as table, i.indexrelid::regclass::text as name, m.amname as method,
            i.indisunique as unique, i.indisvalid and i.indisready as valid,
            i.indisprimary or i.indisexclusion or exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')) as constraint,
            exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid) as building,
            coalesce(pg_get_expr(i.indpred, i.indrelid), '') as predicate,
            array(select concat_ws(' ', pg_get_indexdef(i.indexrelid, k, true), i.indclass[k - 1], i.indcollation[k - 1], i.indoption[k - 1])
                    from generate_series(1, i.indnkeyatts) k order by k) as keys,
            array(select coalesce(a.attname::text, '') from generate_series(1, i.indnkeyatts) k
                    left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[k - 1] order by k) as columns,
            array(select pg_get_indexdef(i.indexrelid, k, true) from generate_series(i.indnkeyatts + 1, i.indnatts) k) as include,
            coalesce(s.idx_scan, 0)::float8 as scans, coalesce(t.seq_scan + t.idx_scan, t.seq_scan, 0)::float8 as "tableScans",
            round(pg_relation_size(i.indexrelid) / 1048576.0, 1)::float8 as mib
       from pg_index i
       join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
       join pg_namespace n on n.oid = c.relnamespace
       left join pg_stat_user_indexes s on s.indexrelid = i.indexrelid
       left join pg_stat_user_tables t on t.relid = i.indrelid
      where ${OUR_SCHEMAS} order by 1, 2`,
  );
  return rows;
}

type ForeignKey = {
  table: string;
  name: string;
  columns: string[];
  target: string;
  targetColumns: string[];
};

/** SQL for the names of a table's columns, in the order of their numbers in an array. */
function names(table: string, numbers: string): string {
  return `array(select a.attname::text from unnest(${numbers}) with ordinality as u (number, place)
    join pg_attribute a on a.attrelid = ${table} and a.attnum = u.number order by u.place)`;
}

async function readForeignKeys(client: Client): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `select k.conrelid::regclass::text as table, k.conname as name, k.confrelid::regclass::text as target,
            ${names("k.conrelid", "k.conkey")} as columns, ${names("k.confrelid", "k.confkey")} as "targetColumns"
       from pg_constraint k join pg_namespace n on n.oid = k.connamespace
      where k.contype = 'f' and ${OUR_SCHEMAS} order by 1, 2`,
  );
  return rows;
}

/** Whether an index finds the rows that refer to a row which is deleted, without reading many others. */
function serves(index: Index, key: ForeignKey, indexes: readonly Index[]): boolean {
  if (index.table !== key.table || !index.valid || index.predicate !== "") return false;
  if (index.method === "gin") return key.columns.some((column) => index.columns.includes(column));
  const end = index.columns.findIndex((column) => !key.columns.includes(column));
  const prefix = end === -1 ? index.columns : index.columns.slice(0, end);
  if (prefix.length === 0) return false;
  if (new Set(prefix).size === key.columns.length) return true;
  // A part of the columns will do when it alone names one row of the other table.
  const named = prefix.map((column) => key.targetColumns[key.columns.indexOf(column)]);
  return indexes.some(
    (other) =>
      other.table === key.target &&
      other.unique &&
      other.predicate === "" &&
      other.columns.every((column) => named.includes(column)),
  );
}

export const foreignKeys: Check = {
  name: "foreign_keys",
  title: "Foreign keys without an index",
  async run(client) {
    const indexes = await readIndexes(client);
    const bare = (await readForeignKeys(client)).filter(
      (key) => !indexes.some((index) => serves(index, key, indexes)),
    );
    return {
      rows: bare.map(({ table, name, columns, target }) => ({
        table,
        constraint: name,
        columns: columns.join(", "),
        target,
      })),
      findings: bare.map(({ table, columns, target }) => ({
        subject: table,
        advice: `Deleting a row of ${target} reads all of it: create index concurrently on ${table} (${columns.join(", ")}).`,
      })),
    };
  },
};

/** The index that makes this one needless, if there is one. */
function betterThan(index: Index, indexes: readonly Index[]): Index | undefined {
  if (index.constraint || !index.valid) return undefined;
  return indexes.find((other) => {
    if (other === index || other.table !== index.table || other.method !== index.method) return false;
    if (!other.valid || other.predicate !== index.predicate) return false;
    const same = other.keys.length === index.keys.length;
    const prefix = index.keys.every((key, place) => other.keys[place] === key);
    // Only of a B-tree is the beginning of its keys an index, too.
    if (!prefix || (!same && index.method !== "btree")) return false;
    if (index.unique && !(same && other.unique)) return false;
    const held = [...other.columns, ...other.include];
    if (!index.include.every((column) => held.includes(column))) return false;
    // Of two that are the same, the one whose name comes later can go.
    const twins =
      same &&
      other.unique === index.unique &&
      !other.constraint &&
      other.include.length === index.include.length;
    return twins ? other.name < index.name : true;
  });
}

export const redundantIndexes: Check = {
  name: "redundant_indexes",
  title: "Indexes that another one makes needless",
  async run(client) {
    const indexes = await readIndexes(client);
    const pairs = indexes.flatMap((index) => {
      const better = betterThan(index, indexes);
      return better === undefined ? [] : [{ index, better }];
    });
    return {
      rows: pairs.map(({ index, better }) => ({ index: index.name, mib: index.mib, by: better.name })),
      findings: pairs.map(({ index, better }) => ({
        subject: index.name,
        advice: `${better.name} does all that it does: drop index concurrently ${index.name}.`,
      })),
    };
  },
};

export const unusedIndexes: Check = {
  name: "unused_indexes",
  title: "Indexes that nothing reads",
  async run(client, limits) {
    const indexes = await readIndexes(client);
    const keys = await readForeignKeys(client);
    // Unique ones refuse doubles, and foreign keys' own are there for the day when something is deleted.
    const unused = indexes.filter(
      (index) =>
        index.scans === 0 &&
        index.valid &&
        !index.unique &&
        !index.constraint &&
        !keys.some((key) => serves(index, key, indexes)),
    );
    const [since] = await select<Row & { days: number | null }>(
      client,
      `select extract(epoch from now() - stats_reset)::float8 / 86400 as days
         from pg_stat_database where datname = current_database()`,
    );
    const young = typeof since?.days === "number" && since.days < limits.statisticsDays;
    const early = unused.filter((index) => young || index.tableScans < limits.tableScans);
    return {
      rows: unused.map(({ table, name, mib, tableScans }) => ({
        table,
        index: name,
        mib,
        table_scans: tableScans,
      })),
      findings: unused
        .filter((index) => !early.includes(index))
        .map(({ name, table, tableScans }) => ({
          subject: name,
          advice: `${table} was read ${tableScans} times without it: drop index concurrently ${name}, if replicas do not read it either.`,
        })),
      ...(early.length > 0 && {
        notes: [
          young
            ? `The statistics are younger than ${limits.statisticsDays} days: too early to call an index unused.`
            : `Tables that were read less than ${limits.tableScans} times say nothing about their indexes yet.`,
        ],
      }),
    };
  },
};

export const invalidIndexes: Check = {
  name: "invalid_indexes",
  title: "Indexes that were not built whole",
  async run(client) {
    const broken = (await readIndexes(client)).filter(({ valid, building }) => !valid && !building);
    return {
      rows: broken.map(({ table, name, mib }) => ({ table, index: name, mib })),
      findings: broken.map(({ name }) => ({
        subject: name,
        advice: `Writes pay for it and nothing reads it: reindex index concurrently ${name}, or drop it.`,
      })),
    };
  },
};
