-- What the tools and the cleaning jobs need.
select;
