-- Searching and sorting at a million rows.
-- The words of a todo, kept by a trigger: a generated column is computed anew with every update of a table that has a BEFORE
-- trigger, whatever is updated, and that was a third of completing a todo.
ALTER TABLE "todos" ALTER COLUMN "search" drop expression;--> statement-breakpoint
create function app.keep_search() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'INSERT' or (new.title, new.description, new.search) is distinct from (old.title, old.description, old.search) then
    new.search := setweight(to_tsvector('app.english_unaccent', app.search_text(normalize(new.title, nfc))), 'A')
               || setweight(to_tsvector('app.english_unaccent', app.search_text(normalize(new.description, nfc))), 'B');
  end if;
  return new;
end $$;
--> statement-breakpoint
revoke execute on function app.keep_search() from public;
--> statement-breakpoint
create trigger keep_search before insert or update of title, description, search on todos
  for each row execute function app.keep_search();
--> statement-breakpoint
create extension if not exists pg_trgm;
--> statement-breakpoint
-- Titles in the order that people expect: without regard to accents and case at first, and "Step 9" before "Step 10".
create collation app.natural (provider = icu, locale = 'und-u-kn-true');
--> statement-breakpoint
-- The orders of lists. Each index also holds what lists are narrowed by the most, so that rows which are not wanted are
-- passed over without reading them.
create index todos_user_title_index on todos (user_id, title collate app.natural, id)
  include (organization_id, status, priority, due_date, due_time, scheduled_for)
  where deleted_at is null;
--> statement-breakpoint
DROP INDEX "todos_user_created_index";
--> statement-breakpoint
create index todos_user_created_index on todos (user_id, created_at, id)
  include (organization_id, status, priority, due_date, due_time, scheduled_for)
  where deleted_at is null;
--> statement-breakpoint
DROP INDEX "todos_user_updated_index";
--> statement-breakpoint
create index todos_user_updated_index on todos (user_id, updated_at, id)
  include (organization_id, status, priority, due_date, due_time, scheduled_for)
  where deleted_at is null;
--> statement-breakpoint
DROP INDEX "todos_user_due_index";
--> statement-breakpoint
create index todos_user_due_index on todos (user_id, due_date, (case when due_time is null then '24:00' else due_time end), id)
  include (organization_id, status, priority, due_time, scheduled_for)
  where deleted_at is null;
--> statement-breakpoint
create index todos_user_scheduled_index on todos (user_id, scheduled_for)
  include (organization_id)
  where deleted_at is null and scheduled_for is not null;
--> statement-breakpoint
-- The links of a tag, up to all that there are, are counted and gathered from the index alone.
DROP INDEX "todo_tags_tag_id_index";
--> statement-breakpoint
create index todo_tags_tag_id_index on todo_tags (tag_id, todo_id) include (organization_id);
--> statement-breakpoint
-- Words as they are written, for those that are still being typed.
create text search configuration app.simple_unaccent (copy = pg_catalog.simple);
--> statement-breakpoint
alter text search configuration app.simple_unaccent
  alter mapping for hword, hword_part, word with unaccent, simple;
--> statement-breakpoint
-- Whatever begins with a text that search_text made; of several words side by side, the last one may go on. What was typed
-- never becomes syntax: the marks for "begins with" come after a query that PostgreSQL has written out itself. Not
-- immutable: of a constant that would be computed by running it, and this becomes part of the statement.
create function app.beginning(words text) returns tsquery
language sql stable parallel safe
return coalesce(
  (nullif(phraseto_tsquery('app.simple_unaccent', words)::text, '') || ':*')::tsquery,
  phraseto_tsquery('app.simple_unaccent', ''));
--> statement-breakpoint
revoke execute on function app.beginning(text) from public;
--> statement-breakpoint
grant execute on function app.beginning(text) to app_user;
--> statement-breakpoint
-- The same mappings as before, one character after the other: translate() compares each character of a text with all of its
-- list, and took most of the time of marking long descriptions.
create or replace function app.search_text(original text) returns text
language sql immutable strict parallel safe
return replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(
  regexp_replace(original, e'[\x01-\x03\x0e-\x1d]', '', 'g')
  , '<', e'\x0e'), '>', e'\x0f'), '/', e'\x10'), '\', e'\x11')
  , '@', e'\x12'), '.', e'\x13'), '&', e'\x14'), '_', e'\x15')
  , ':', e'\x16'), '~', e'\x17'), '=', e'\x18'), '?', e'\x19')
  , '#', e'\x1a'), '%', e'\x1b'), '+', e'\x1c'), '-', e'\x1d');
--> statement-breakpoint
create or replace function app.search_punctuation(hidden text) returns text
language sql immutable strict parallel safe
return replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(
  hidden
  , e'\x0e', '<'), e'\x0f', '>'), e'\x10', '/'), e'\x11', '\')
  , e'\x12', '@'), e'\x13', '.'), e'\x14', '&'), e'\x15', '_')
  , e'\x16', ':'), e'\x17', '~'), e'\x18', '='), e'\x19', '?')
  , e'\x1a', '#'), e'\x1b', '%'), e'\x1c', '+'), e'\x1d', '-');
--> statement-breakpoint
-- The places of a description that hold some words, with the words marked, or how it begins. Looking through a long one
-- word by word is dear: where its letters hold the words, only what stands around them is looked at. The last letter of
-- a word does not count there ("family" is kept as "famili"), nor do accents. What is not found so is looked for in all.
create function app.excerpt(description text, search tsvector, words tsquery, options text) returns text
language plpgsql stable parallel safe
as $$
declare
  before constant integer := 200;
  around constant integer := 700;
  beginning constant integer := 300;
  mark constant text := e'\x02'; -- as in the options
  letters text;
  place integer;
  excerpt text;
begin
  -- How it begins, as it is: the page ends it where its lines are full.
  if not ts_filter(search, '{b}') @@ words then
    return regexp_replace(left(description, beginning), e'[\x01-\x03]', '', 'g');
  end if;
  if length(description) > around then
    -- Of the query's syntax it only keeps which words follow each other, and "or".
    letters := regexp_replace(replace(words::text, ''' <-> ''', '''~'''), '(\w{3,})\w''', '\1''', 'g');
    letters := replace(regexp_replace(letters, '[^\w|~]+', '', 'g'), '~', '\w*\W+');
    place := greatest(1, regexp_instr(unaccent(description), letters, 1, 1, 0, 'i') - before);
    excerpt := substr(description, place, around);
    -- What is left of a word that was cut is no word.
    excerpt := regexp_replace(case when place > 1 then regexp_replace(excerpt, '^\w+', '') else excerpt end, '\w+$', '');
    excerpt := ts_headline('app.english_unaccent', app.search_text(excerpt), words, options);
    if strpos(excerpt, mark) > 0 then
      return app.search_punctuation(excerpt);
    end if;
  end if;
  return app.search_punctuation(ts_headline('app.english_unaccent', app.search_text(description), words, options));
end $$;
--> statement-breakpoint
revoke execute on function app.excerpt(text, tsvector, tsquery, text) from public;
--> statement-breakpoint
grant execute on function app.excerpt(text, tsvector, tsquery, text) to app_user;
--> statement-breakpoint
-- What stands in the title is looked for on its own, so that it comes first without ranking what stands elsewhere.
create index todos_title_search_index on todos using gin (user_id, ts_filter(search, '{a}'));
--> statement-breakpoint
-- The todos that the policy shows, read with the owner's rights: under row-level security no GIN index is ever used (its
-- operators are not leakproof), nor an index by status. The condition is the policy's own and part of the view; the
-- statements that go through it hold nothing but our own conditions, with parameters.
create view app.visible_todos as
  select * from todos
   where array_position((select app.organization_ids())::uuid[], organization_id) is not null;
--> statement-breakpoint
grant select on app.visible_todos to app_user;
--> statement-breakpoint
-- The same rows as before. Written with = any, the planner took ten organizations of average size for the person's, chose
-- by that, and read all of a big one's todos to sort them; this it can neither estimate nor look up in an index, and goes
-- by whose todos they are.
alter policy todos_select on todos
  using (array_position((select app.organization_ids())::uuid[], organization_id) is not null);
--> statement-breakpoint
-- Words side by side, in one part of a todo ("a" its title, "b" its description) and not from the end of one to the other.
create function app.in_part(words tsquery, part text) returns tsquery
language sql stable parallel safe
return case when numnode(words) = 0 then words
  else regexp_replace(words::text, '(''(?:[^'']|'''')+'')', '\1:' || part, 'g')::tsquery end;
--> statement-breakpoint
revoke execute on function app.in_part(tsquery, text) from public;
--> statement-breakpoint
grant execute on function app.in_part(tsquery, text) to app_user;
--> statement-breakpoint
-- The best hits of a search for words among the person's own todos, in their order: what stands in the title before what
-- does not, then the newest. A word that is common is found among the newest todos, and one that is rare by its index: so
-- the newest are looked through first. Where they hold next to nothing, an index gathers what matches, unless that turns
-- out to be much; where they hold some, more of them are looked through, and an index is asked only for what those did not
-- bring, when it can not bring much either. Which is done is decided by what was found, not by what the planner believes:
-- the words are in a subquery, so that it does not know them. Each step is planned when it is come to, for the person who
-- asks. whole: those of the words that are not the mere beginning of one, or all of them; what begins with a letter is long
-- to gather, and is looked for among what has the others if that is little. The index knows no places of words: it brings
-- all that holds the words of a phrase, and where that is much more than the phrase, looking on is shorter.
-- hits: how many are known; more: whether there may be more.
create function app.search_words(words tsquery, whole tsquery, hits_max integer, out ids uuid[], out hits bigint, out more boolean)
language plpgsql stable
set plan_cache_mode = force_custom_plan
as $$
declare
  first constant integer := 500;
  near constant integer := 3000;
  far constant integer := 20000;
  few constant integer := 5; -- hits among the first
  much constant integer := 5000; -- for what seemed to be few
  phrases constant boolean := words::text ~ '<(-|\d+)>';
  scattered constant tsquery := case when phrases then regexp_replace(words::text, '<(-|\d+)>', '&', 'g')::tsquery else whole end;
  looked integer := 0;
  stretch integer := first;
  found integer;
  last_at timestamptz := 'infinity';
  last_id uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  held bigint := 0; -- how many hold what the index knows of
  asked tsquery;
  titled uuid[] := '{}';
  others uuid[] := '{}';
begin
  hits := 0;
  more := numnode(words) > 0;
  while more loop
    select count(*), min(created_at), (array_agg(id))[stretch], held + count(*) filter (where search @@ (select scattered)),
           titled || array_agg(id) filter (where in_title), others || array_agg(id) filter (where not in_title)
      into found, last_at, last_id, held, titled, others
      from (select id, created_at, search, case when search @@ (select words) then ts_filter(search, '{a}') @@ (select words) end as in_title
              from (select id, created_at, search from todos
                     where user_id = app.user_id() and deleted_at is null and (created_at, id) < (last_at, last_id)
                     order by created_at desc, id desc limit stretch) newest) looked_through;
    looked := looked + found;
    hits := cardinality(titled) + cardinality(others);
    more := found = stretch;
    exit when not more or hits >= hits_max and looked >= near;
    if looked = first and (case when phrases then held else hits end) >= few then
      stretch := near - first;
      continue;
    elsif looked between near and far and phrases and hits >= few and held > 4 * hits then
      stretch := looked;
      continue;
    end if;
    asked := case when not phrases and numnode(whole) > 0 and held * 20 < looked then whole else words end;
    with gathered as materialized (
      select * from (
        select id, created_at, ts_filter(search, '{a}') @@ (select words) as in_title
          from app.visible_todos
         where user_id = app.user_id() and deleted_at is null and search @@ (select asked)
           and (search @@ (select words)) is true -- not by the index
        offset 0) matching
       limit case when looked = first then much end
    )
    select array(select id from gathered order by in_title desc, created_at desc, id desc limit hits_max), count(*)
      into ids, hits
      from gathered;
    more := looked = first and hits = much;
    if not more then
      return;
    end if;
    stretch := near - first;
  end loop;
  -- A page of what has the words anywhere is no page of what has them in the title.
  if more and cardinality(titled) < hits_max then
    titled := array(
      select id from (
        select id, created_at from app.visible_todos
         where user_id = app.user_id() and deleted_at is null and ts_filter(search, '{a}') @@ (select words)
           and (search @@ (select words)) is true -- what its title lacks, its description may have
        offset 0) matching
       order by created_at desc, id desc limit hits_max);
  end if;
  ids := (titled || others)[:hits_max];
end $$;
--> statement-breakpoint
revoke execute on function app.search_words(tsquery, tsquery, integer) from public;
--> statement-breakpoint
grant execute on function app.search_words(tsquery, tsquery, integer) to app_user;
--> statement-breakpoint
-- How many of the person's own todos hold some words, up to a number. Of words that are common that many are soon met, in
-- whatever order; of others the index knows.
create function app.count_words(words tsquery, hits_max integer) returns bigint
language plpgsql stable
set plan_cache_mode = force_custom_plan
as $$
declare
  common boolean := (
    select count(*) > 50 from (
      select search from todos where user_id = app.user_id() and deleted_at is null
       order by created_at desc, id desc limit 500) newest
     where search @@ (select words));
begin
  if common then
    return (
      select count(*) from (
        select from todos
         where user_id = app.user_id() and deleted_at is null and search @@ (select words) limit hits_max) found);
  end if;
  return (
    select count(*) from (
      select from app.visible_todos
       where user_id = app.user_id() and deleted_at is null and search @@ (select words) limit hits_max) found);
end $$;
--> statement-breakpoint
revoke execute on function app.count_words(tsquery, integer) from public;
--> statement-breakpoint
grant execute on function app.count_words(tsquery, integer) to app_user;
--> statement-breakpoint
-- Of each word the nearest one in the person's newest titles, by its trigrams; null when none is near, or when it is known
-- itself. Two neighbouring letters changed round are the commonest slip, and one that trigrams of short words do not see.
create function app.nearest_words(typed text[], titles_max integer) returns text[]
language plpgsql stable
set plan_cache_mode = force_custom_plan
as $$
begin
  return (
    with known as materialized (
      select word, case when octet_length(word) = char_length(word) then word else unaccent(word) end as plain, times
        from (
          select btrim(word, '<>/\@.&_:~=?#%+-,;!()[]{}"''“”„‘’«»…·–—|*') as word, sum(times) as times
            from (
              select word, count(*) as times
                from string_to_table((
                  select lower(string_agg(title, ' ')) from (
                    select title from todos where user_id = app.user_id() and deleted_at is null
                     order by created_at desc, id desc limit titles_max) newest), ' ') word
               group by word
            ) written
           group by 1
        ) words
    ), wanted as materialized (
      select place, wanted, unaccent(wanted) as plain, char_length(wanted) as length, array(
               select overlay(wanted placing reverse(substr(wanted, at, 2)) from at for 2)
                 from generate_series(1, char_length(wanted) - 1) at) as swaps
        from unnest(typed) with ordinality asked (word, place), lower(word) wanted
    )
    select array_agg((
             select nullif(word, wanted.wanted)
               from (
                 select word, times, similarity(known.plain, wanted.plain) as alike, known.plain = any (wanted.swaps) as swapped
                   from known
                  where char_length(known.plain) between wanted.length - 3 and wanted.length + 3
                 offset 0
               ) near
              where alike >= 0.3 or swapped -- pg_trgm's own default
              order by alike = 1 desc, swapped desc, alike desc, times desc, word limit 1
           ) order by place)
      from wanted);
end $$;
--> statement-breakpoint
revoke execute on function app.nearest_words(text[], integer) from public;
--> statement-breakpoint
grant execute on function app.nearest_words(text[], integer) to app_user;
--> statement-breakpoint
grant execute on function app.search_punctuation(text) to app_user;
