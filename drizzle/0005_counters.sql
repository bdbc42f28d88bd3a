-- Counters that are kept, where counting is too dear.
select;
