-- The one function that writes to the log takes back what a call has written before it fails, in the same transaction. With the rights of
-- who owns the log, so that the role of the service needs none to delete from it. Tables of a session's own are looked at last: a role
-- cannot put one in the way.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION append_events(json) SECURITY DEFINER SET search_path = %I, pg_temp', current_schema());
END $$;
