-- Lists by due date also go by the time on that day, and the open ones have an index of their own: in a history of
-- years they are few, and the counts of the sidebar are read from this index alone.
DROP INDEX "todos_user_due_index";--> statement-breakpoint
CREATE INDEX "todos_user_due_index" ON "todos" USING btree ("user_id","due_date",(case when "due_time" is null then '24:00' else "due_time" end),"id") WHERE deleted_at is null;--> statement-breakpoint
create index todos_open_due_index on todos (user_id, due_date, (case when due_time is null then '24:00' else due_time end), id)
  include (organization_id, due_time)
  where deleted_at is null and status in ('pending', 'in_progress');
