-- Writes on many todos at once, and handing todos over.
select;
