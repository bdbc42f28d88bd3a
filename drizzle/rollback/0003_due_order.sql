-- Rolls back 0003_due_order.sql. Lists by due date work as before, slower.
drop index todos_open_due_index;
drop index todos_user_due_index;
create index todos_user_due_index on todos (user_id, due_date, id) where deleted_at is null;
