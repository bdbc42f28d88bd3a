-- Rolls back 0010_dashboards.sql. What was kept is computed with each reading again.
drop function app.read_dashboard(json, integer, integer, integer, integer, integer);
drop function app.keep_dashboard(bigint, text, json);
drop function app.compute_dashboard(integer, integer, integer, integer, integer);
drop function app.change_all_dashboards() cascade;
drop function app.change_dashboard_of_zone() cascade;
drop function app.change_dashboards_of_tags() cascade;
drop function app.change_dashboards_of_links() cascade;
drop function app.change_dashboards_of_todos() cascade;
drop function app.rebuild_dashboards();
drop function app.change_dashboards(uuid[]);
drop view app.kept_dashboard;
drop table dashboards;
drop table dashboard_changes;
