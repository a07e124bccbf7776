-- What is in the log stays in it: a row that is deleted or changed by hand is a payment that can be credited again.
-- append_events itself takes back the rows of a call that failed; those are beyond the log's head.

CREATE FUNCTION keep_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.position > (SELECT position FROM log_head) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'events are for ever: a row of the log is neither deleted nor changed'
    USING HINT = 'See "Which log" and "An event in the way" in docs/operators.md.';
END
$$;

CREATE TRIGGER keep_events BEFORE DELETE OR UPDATE ON events FOR EACH ROW EXECUTE FUNCTION keep_events();
CREATE TRIGGER keep_all_events BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION keep_events();
