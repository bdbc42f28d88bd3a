-- What pages ask for beside their lists, each as one value. A function is given what came before it, and gives that with
-- its own value (lib/db/scope.ts, Call): so one statement enters and gives them all, in this order and in no other. PL/pgSQL
-- keeps their plans. They run as whoever calls them, under row-level security.
create function app.read_counts(before json, count_max integer) returns json
language plpgsql stable strict
as $$
declare
  counts constant record := app.sidebar_counts(count_max);
begin
  return json_build_array(before, counts);
end $$;
--> statement-breakpoint
-- The tags of all my organizations, an array or a text for each column (lib/db/columns.ts), with how many of my todos carry them.
create function app.read_tags(before json) returns json
language plpgsql stable strict
as $$
declare
  me constant uuid := app.user_id();
begin
  return (
    select json_build_array(before, json_build_array(
             string_agg(g.id::text, ','), array_agg(g.name), string_agg(g.colour, ','), array_agg(g.icon),
             array_agg(coalesce(k.open_count, 0)), array_agg(coalesce(k.count, 0))))
      from public.tags g left join public.todo_tag_counts k on k.user_id = me and k.tag_id = g.id);
end $$;
--> statement-breakpoint
-- The same when this command of mine made, changed or deleted tags, else none.
create function app.read_tags(before json, made_or_changed_by uuid) returns json
language plpgsql stable strict
as $$
begin
  if exists (
    select from public.audit_logs a
     where a.user_id = app.user_id() and a.entity_type = 'tag'
       and (case when a.command_id is null then a.id else a.command_id end) = made_or_changed_by)
  then
    return app.read_tags(before);
  end if;
  return json_build_array(before, json_build_array(null, null, null, null, null, null));
end $$;
--> statement-breakpoint
revoke execute on function app.read_counts(json, integer), app.read_tags(json), app.read_tags(json, uuid) from public;
--> statement-breakpoint
grant execute on function app.read_counts(json, integer), app.read_tags(json), app.read_tags(json, uuid) to app_user;
