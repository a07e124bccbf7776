-- The short way of append_events, for what nearly every append is: writes that all stand at the ends of their streams.
--
-- of_streams, ends: each stream that is written to, and its last revision as its writer believes it (-1: no stream).
-- The other lists have an element an event, in the order of the log. ring: whether listeners are told.
-- Answers the position of the last event, or NULL, with nothing stored, where a stream does not end there: append_events knows why.
--
-- The lock on log_head is the one that append_events takes: what holds there holds here. It takes nothing back, so that the rights of who
-- may add to the log are enough.
CREATE FUNCTION append_at_ends(
  of_streams text[], ends bigint[],
  streams text[], revisions bigint[], ids uuid[], types text[], datas json[], metadatas json[],
  ring boolean
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  amount CONSTANT integer := cardinality(ids);
  head   bigint;
BEGIN
  UPDATE log_head SET position = position + amount RETURNING position INTO STRICT head;
  IF EXISTS (
    SELECT FROM unnest(of_streams, ends) AS w (s, e)
    WHERE e <> coalesce((SELECT revision FROM events WHERE stream = w.s ORDER BY revision DESC LIMIT 1), -1)
  ) THEN
    UPDATE log_head SET position = head - amount;
    RETURN NULL;
  END IF;
  INSERT INTO events (position, stream, revision, id, type, data, metadata, recorded_at)
  SELECT head - amount + n, s, r, i, t, d, m, clock_timestamp()
  FROM unnest(streams, revisions, ids, types, datas, metadatas) WITH ORDINALITY AS event (s, r, i, t, d, m, n);
  IF ring THEN
    PERFORM pg_notify('event_log', '');
  END IF;
  RETURN head;
END
$$;
