-- Rolls back 0004_search.sql. The extension pg_trgm stays: the database's owner may have had it before.
revoke execute on function app.search_punctuation(text) from app_user;
drop function app.nearest_words(text[], integer);
drop function app.count_words(tsquery, integer);
drop function app.search_words(tsquery, tsquery, integer);
drop function app.in_part(tsquery, text);
alter policy todos_select on todos using (organization_id = any ((select app.organization_ids())::uuid[]));
drop view app.visible_todos;
drop index todos_title_search_index;
drop function app.excerpt(text, tsvector, tsquery, text);
create or replace function app.search_text(original text) returns text
language sql immutable strict parallel safe
return translate(
  original,
  '<>/\@.&_:~=?#%+-' || e'\x01\x02\x03\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d',
  e'\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d');
create or replace function app.search_punctuation(hidden text) returns text
language sql immutable strict parallel safe
return translate(
  hidden, e'\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d', '<>/\@.&_:~=?#%+-');
drop function app.beginning(text);
drop text search configuration app.simple_unaccent;
drop index todo_tags_tag_id_index;
create index todo_tags_tag_id_index on todo_tags (tag_id, todo_id);
drop index todos_user_scheduled_index;
drop index todos_user_due_index;
create index todos_user_due_index on todos (user_id, due_date, (case when due_time is null then '24:00' else due_time end), id)
  where deleted_at is null;
drop index todos_user_updated_index;
create index todos_user_updated_index on todos (user_id, updated_at, id) where deleted_at is null;
drop index todos_user_created_index;
create index todos_user_created_index on todos (user_id, created_at, id) where deleted_at is null;
drop index todos_user_title_index;
drop collation app.natural;
-- The words are computed anew, and so is their index.
drop function app.keep_search() cascade;
alter table todos drop column search;
alter table todos add column search tsvector generated always as (setweight(to_tsvector('app.english_unaccent', app.search_text(normalize(title, nfc))), 'A') || setweight(to_tsvector('app.english_unaccent', app.search_text(normalize(description, nfc))), 'B')) stored;
create index todos_search_index on todos using gin (user_id, search);
