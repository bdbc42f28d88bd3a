-- Rolls back 0004_search.sql. The extension pg_trgm stays: the database's owner may have had it before.
drop function app.beginning(text);
drop text search configuration app.simple_unaccent;
drop index todos_user_title_index;
drop collation app.natural;
