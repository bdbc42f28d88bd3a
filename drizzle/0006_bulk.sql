-- Writes on many todos at once, and handing todos over.

-- The audit row of one changed row, as before, in a third of the time: the two sides have the same columns, so one of
-- them is looked through and the other asked.
create or replace function app.audit_entry(entity text, before jsonb, after jsonb, ignored text[])
returns table (organization_id uuid, user_id uuid, entity_type text, entity_id uuid, action text, changes jsonb)
language sql stable
as $$
  select
    case entity when 'organization' then row ->> 'id' else row ->> 'organization_id' end::uuid,
    -- Signing up and signing in happen before anyone has entered.
    coalesce(app.user_id(), case
      when entity = 'session' then row ->> 'user_id'
      when before is not null then null
      when entity = 'user' then row ->> 'id'
      when entity = 'organization' then row ->> 'personal_user_id'
      when entity in ('membership', 'account') then row ->> 'user_id'
    end::uuid),
    case entity when 'todo_tag' then 'todo' else entity end,
    case entity when 'todo_tag' then row ->> 'todo_id' else row ->> 'id' end::uuid,
    case
      when before is null then
        case entity when 'session' then 'sign_in' when 'todo_tag' then 'tag' else 'create' end
      when after is null then
        case entity when 'session' then 'sign_out' when 'todo_tag' then 'untag' when 'todo' then 'purge' else 'delete' end
      when diff ? 'deleted_at' then case when after ->> 'deleted_at' is null then 'restore' else 'delete' end
      when entity = 'todo' and diff ? 'status' then
        case after ->> 'status' when 'in_progress' then 'start' when 'completed' then 'complete'
          when 'cancelled' then 'cancel' else 'reopen' end
      when entity = 'session' and diff ? 'revoked_at' then 'revoke'
      when diff ?| array['user_id', 'organization_id'] then 'transfer'
      else 'update'
    end,
    case
      -- A link is remembered with its tag's name: the tag may be gone when somebody reads this.
      when entity = 'todo_tag' then jsonb_build_object('tags', (
        select case when after is null then jsonb_build_array(tag, null) else jsonb_build_array(null, tag) end
          from (select jsonb_build_object('id', row ->> 'tag_id', 'name',
                  (select t.name from public.tags t where t.id = (row ->> 'tag_id')::uuid)) as tag) named))
      -- Deleted for ever means that its words are not kept here either, but for the title.
      when entity = 'todo' and after is null then jsonb_build_object('title', diff -> 'title')
      -- That a password changed is worth knowing; its hash is not.
      when diff ? 'password_hash' then (diff - 'password_hash') || '{"password": ["(hidden)", "(hidden)"]}'
      else diff
    end
  -- OFFSET 0 keeps the planner from computing the difference anew at each place where it stands.
  from (select coalesce(after, before) as row, (
          select coalesce(jsonb_object_agg(key, jsonb_build_array(before -> key, after -> key)), '{}')
            from jsonb_object_keys(coalesce(after, before) - ignored) key
           where coalesce(before -> key, 'null') is distinct from coalesce(after -> key, 'null')) as diff
        offset 0) changed
  where diff <> '{}'
    -- That a todo lost its tags when it was deleted for ever goes without saying.
    and not (entity = 'todo_tag' and after is null
             and not exists (select from public.todos t where t.id = (row ->> 'todo_id')::uuid))
$$;
--> statement-breakpoint
-- A todo that changes hands is remembered by whoever did it (transfer, above), and stands in the histories of the one
-- who got it (receive) and of the one who had it (release), too, unless they did it themselves. Where the request came
-- from is in the first row only: the others are not told.
create function app.audit_hands() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into audit_logs (organization_id, user_id, command_id, entity_type, entity_id, action, changes)
  select n.organization_id, hands.user_id, app.command_id(), 'todo', n.id, hands.action,
         jsonb_build_object('user_id', jsonb_build_array(o.user_id, n.user_id))
    from old_rows o join new_rows n using (id)
    cross join lateral (values (n.user_id, 'receive'), (o.user_id, 'release')) hands (user_id, action)
   where o.user_id <> n.user_id and hands.user_id is distinct from app.user_id();
  return null;
end $$;
--> statement-breakpoint
-- Its name comes after audit_update, and so does it.
create trigger hand_over after update on todos referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit_hands();
--> statement-breakpoint

-- Hands todos of mine to another member of their organization. app_user may neither set whose a todo is nor read who is
-- active, so all checks are made here. Gives one row for each of the ids that I may write to and that is not in the
-- trash; what became of it:
--   transferred, or already (it was theirs before);
--   not_yours (it belongs to a third), personal (there is nobody else), not_member, viewer (of the target): left.
create function app.transfer_todos(ids uuid[], target uuid)
returns table (id uuid, outcome text)
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  -- Everything that it looks at stays as it is until this is done, in one order for everybody: nobody is suspended,
  -- leaves or takes the todo in between. SERIALIZABLE alone would not do: those who do that need not be.
  perform from users u where u.id = target for share;
  perform from memberships m
    where m.user_id = target and m.organization_id = any (app.writable_organization_ids()) order by m.id for share;
  return query
  with held as (
    select t.id, t.user_id, t.organization_id
      from todos t
     where t.id = any (ids) and t.organization_id = any (app.writable_organization_ids()) and t.deleted_at is null
     order by t.id for no key update
  ), judged as materialized (
    select h.id, case
        when h.user_id = target then 'already'
        when h.user_id <> app.user_id() then 'not_yours'
        when o.personal_user_id is not null then 'personal'
        when m.role is null or u.status <> 'active' then 'not_member'
        when m.role = 'viewer' then 'viewer'
        else 'transferred'
      end as outcome
      from held h
      join organizations o on o.id = h.organization_id
      left join memberships m on m.organization_id = h.organization_id and m.user_id = target
      left join users u on u.id = m.user_id
  ), transferred as (
    update todos t set user_id = target from judged j where t.id = j.id and j.outcome = 'transferred'
  )
  select j.id, j.outcome from judged j;
end $$;
--> statement-breakpoint
revoke execute on function app.audit_hands(), app.transfer_todos(uuid[], uuid) from public;
--> statement-breakpoint
grant execute on function app.transfer_todos(uuid[], uuid) to app_user;
