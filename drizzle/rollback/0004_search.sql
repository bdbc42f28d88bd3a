-- Searching and sorting at a million rows.
select;
