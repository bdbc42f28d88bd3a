import type { QueryResultRow } from "pg";

type Sql = <Row extends QueryResultRow>(text: string) => Promise<Row[]>;

/** What a database is made of, by kind, as texts that are the same for the same thing. */
export type Catalogue = Record<keyof typeof KINDS, string[]>;

// What belongs to an extension, to PostgreSQL, or to the runner's ledger is not ours to compare.
const OURS = (catalog: string, oid: string) => `
  nspname not like 'pg\\_%' and nspname not in ('information_schema', 'migrations')
  and not exists (select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;
// No grants yet and the owner's own grants written out mean the same.
const ACL = (column: string, defaults = "null") =>
  `(select string_agg(item::text, ', ' order by item::text) from unnest(coalesce(${column}, ${defaults})) item)`;

const KINDS = {
  schemas: `select format('%s acl=%s', nspname, ${ACL("nspacl", "acldefault('n', nspowner)")}) from pg_namespace where ${OURS("pg_namespace", "pg_namespace.oid")}`,
  tables: `
    select format('%s kind=%s rls=%s force=%s options=%s acl=%s', c.oid::regclass, relkind, relrowsecurity,
                  relforcerowsecurity, reloptions, ${ACL("relacl", "acldefault('r', relowner)")})
      from pg_class c join pg_namespace n on n.oid = relnamespace
     where relkind in ('r', 'p', 'v', 'm', 'S') and ${OURS("pg_class", "c.oid")}`,
  columns: `
    select format('%s.%s #%s %s notnull=%s default=%s generated=%s collation=%s acl=%s', c.oid::regclass, attname,
                  row_number() over (partition by attrelid order by attnum),
                  format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attgenerated,
                  attcollation::regcollation, ${ACL("attacl")})
      from pg_attribute a join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace
      left join pg_attrdef on adrelid = c.oid and adnum = attnum
     where attnum > 0 and not attisdropped and relkind in ('r', 'p', 'v', 'm') and ${OURS("pg_class", "c.oid")}`,
  indexes: `
    select format('%s valid=%s', pg_get_indexdef(indexrelid), indisvalid)
      from pg_index join pg_class c on c.oid = indrelid join pg_namespace n on n.oid = relnamespace
     where ${OURS("pg_class", "c.oid")}`,
  constraints: `
    select format('%s %s %s validated=%s', conrelid::regclass, conname, pg_get_constraintdef(k.oid), convalidated)
      from pg_constraint k join pg_namespace n on n.oid = connamespace where ${OURS("pg_constraint", "k.oid")}`,
  functions: `
    select format('%s owner=%s acl=%s', pg_get_functiondef(p.oid), proowner::regrole, ${ACL("proacl", "acldefault('f', proowner)")})
      from pg_proc p join pg_namespace n on n.oid = pronamespace
     where prokind in ('f', 'p') and ${OURS("pg_proc", "p.oid")}`,
  triggers: `
    select format('%s enabled=%s', pg_get_triggerdef(t.oid), tgenabled)
      from pg_trigger t join pg_class c on c.oid = tgrelid join pg_namespace n on n.oid = relnamespace
     where not tgisinternal and ${OURS("pg_class", "c.oid")}`,
  policies: `
    select format('%s.%s %s %s to %s using (%s) check (%s)', schemaname, tablename, policyname, permissive || ' ' || cmd,
                  roles, qual, with_check) from pg_policies`,
  types: `
    select format('%s %s acl=%s', t.oid::regtype,
                  (select string_agg(enumlabel, ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid), ${ACL("typacl", "acldefault('T', typowner)")})
      from pg_type t join pg_namespace n on n.oid = typnamespace
     where typtype in ('e', 'd') and ${OURS("pg_type", "t.oid")}`,
  searchConfigurations: `
    select format('%s %s -> %s', c.oid::regconfig, m.maptokentype,
                  string_agg(m.mapdict::regdictionary::text, ', ' order by mapseqno))
      from pg_ts_config c join pg_namespace n on n.oid = cfgnamespace join pg_ts_config_map m on mapcfg = c.oid
     where ${OURS("pg_ts_config", "c.oid")} group by c.oid, m.maptokentype`,
  defaultPrivileges: `
    select format('%s %s %s', defaclnamespace::regnamespace, defaclobjtype, ${ACL("defaclacl")}) from pg_default_acl`,
  extensions: `select extname || ' in ' || extnamespace::regnamespace from pg_extension`,
};

/** Reads everything that migrations can make in a database. */
export async function readCatalogue(sql: Sql): Promise<Catalogue> {
  const entries: [string, string[]][] = [];
  for (const [kind, query] of Object.entries(KINDS)) {
    const rows = await sql<{ text: string }>(`select * from (${query}) found (text) order by text`);
    entries.push([kind, rows.map((row) => row.text)]);
  }
  return Object.fromEntries(entries) as Catalogue; // The same keys as KINDS, one by one.
}
