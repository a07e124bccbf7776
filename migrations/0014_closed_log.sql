-- A log that was moved elsewhere takes nothing more, from whoever still writes into it: every append moves the head.

ALTER TABLE log_head
  -- Why, and where the log is now; NULL while it is in use.
  ADD COLUMN closed_because text;

CREATE FUNCTION refuse_closed_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the log is closed: %', OLD.closed_because USING ERRCODE = 'object_not_in_prerequisite_state';
END
$$;

CREATE TRIGGER closed_log BEFORE UPDATE OF position ON log_head
  FOR EACH ROW WHEN (OLD.closed_because IS NOT NULL) EXECUTE FUNCTION refuse_closed_log();
