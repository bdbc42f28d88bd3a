-- Taking back what a command did.
select;
