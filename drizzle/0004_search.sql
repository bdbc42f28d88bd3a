-- Searching and sorting at a million rows.
create extension if not exists pg_trgm;
--> statement-breakpoint
-- Titles in the order that people expect: without regard to accents and case at first, and "Step 9" before "Step 10".
create collation app.natural (provider = icu, locale = 'und-u-kn');
--> statement-breakpoint
create index todos_user_title_index on todos (user_id, title collate app.natural, id)
  include (organization_id)
  where deleted_at is null;
--> statement-breakpoint
-- Words as they are written, for those that are still being typed.
create text search configuration app.simple_unaccent (copy = pg_catalog.simple);
--> statement-breakpoint
alter text search configuration app.simple_unaccent
  alter mapping for hword, hword_part, word with unaccent, simple;
--> statement-breakpoint
-- Whatever begins with a text; of several words side by side, the last one may go on. What was typed never becomes
-- syntax: the marks for "begins with" come after a query that PostgreSQL has written out itself.
create function app.beginning(original text) returns tsquery
language sql immutable strict parallel safe
begin atomic
  select case when numnode(query) = 0 then query else (query::text || ':*')::tsquery end
    from (select phraseto_tsquery('app.simple_unaccent', app.search_text(normalize(original, nfc)))) words (query);
end;
--> statement-breakpoint
revoke execute on function app.beginning(text) from public;
--> statement-breakpoint
grant execute on function app.beginning(text) to app_user;
