-- Rolls back 0000_foundation.sql. The role app_user stays: roles belong to the cluster, and other databases use it.
-- Extensions stay too: the database's owner may have had them before.
drop schema app cascade;
