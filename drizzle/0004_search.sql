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
create index todos_user_title_index on todos (user_id, title collate app.natural, id)
  include (organization_id)
  where deleted_at is null;
--> statement-breakpoint
CREATE INDEX "todos_user_scheduled_index" ON "todos" USING btree ("user_id","scheduled_for") WHERE deleted_at is null and scheduled_for is not null;
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
grant execute on function app.search_punctuation(text) to app_user;
