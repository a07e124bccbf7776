-- The log of the embedded default, and the one function that writes to it.

CREATE TABLE log_head (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  position  bigint NOT NULL
);
INSERT INTO log_head (position) VALUES (-1);

CREATE TABLE events (
  position    bigint PRIMARY KEY,
  stream      text COLLATE "C" NOT NULL,
  revision    bigint NOT NULL,
  id          uuid NOT NULL,
  type        text NOT NULL,
  -- json, not jsonb: what was written is what is read, to the byte.
  data        json NOT NULL,
  metadata    json NOT NULL,
  recorded_at timestamptz NOT NULL,
  UNIQUE (stream, revision)
);

-- Appends many calls in one transaction, so that one round trip and one flush to disk serve them all.
--
-- writes: [{c: call, s: stream, e: expected revision (-1: no stream), v: [{i: id, t: type, d: data as text, m: metadata as text}]}],
--   calls from 0 in ascending order. data and metadata are texts within the JSON, because taking a value out of JSON would trip
--   over an escaped NUL or half a surrogate pair in it.
-- Answers [[call, position, [last revision of each write]] | [call, null, stream, actual revision or -1]], one entry a call.
--
-- The lock on log_head makes writers queue until the one before has committed: positions are gap-free and in commit order, and
-- every check below sees everything that was stored before.
CREATE FUNCTION append_events(writes json) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  head          bigint;
  first_head    bigint;
  call_head     bigint;
  call          integer := -1;
  call_failed   boolean := false;
  call_position bigint;
  revisions     json[];
  results       json[] := '{}';
  w             record;
  current       bigint;
  stored        record;
  amount        integer;
BEGIN
  SELECT position INTO STRICT head FROM log_head FOR UPDATE;
  first_head := head;
  FOR w IN SELECT c, s, e, v FROM json_to_recordset(writes) AS (c integer, s text, e bigint, v json) LOOP
    IF w.c <> call THEN
      IF call >= 0 AND NOT call_failed THEN
        results := results || json_build_array(call, call_position, revisions);
      END IF;
      call := w.c;
      call_failed := false;
      call_head := head;
      call_position := -1;
      revisions := '{}';
    END IF;
    CONTINUE WHEN call_failed;

    SELECT coalesce((SELECT revision FROM events WHERE stream = w.s ORDER BY revision DESC LIMIT 1), -1) INTO current;
    IF w.e = current THEN
      INSERT INTO events (position, stream, revision, id, type, data, metadata, recorded_at)
      SELECT head + n, w.s, current + n, i, t, d::json, m::json, clock_timestamp()
      FROM ROWS FROM (json_to_recordset(w.v) AS (i uuid, t text, d text, m text)) WITH ORDINALITY AS event (i, t, d, m, n);
      GET DIAGNOSTICS amount = ROW_COUNT;
      head := head + amount;
      call_position := head;
      revisions := revisions || to_json(current + amount);
      CONTINUE;
    END IF;

    -- Said to be at an earlier place: a repetition when the same ids follow that place.
    SELECT count(*) AS matching, count(e.id) FILTER (WHERE e.id = v.i) AS same, max(e.position) AS position, max(e.revision) AS revision
    INTO stored
    FROM ROWS FROM (json_to_recordset(w.v) AS (i uuid)) WITH ORDINALITY AS v (i, n)
    LEFT JOIN events e ON e.stream = w.s AND e.revision = w.e + v.n
    WHERE w.e < current;
    IF stored.matching > 0 AND stored.same = stored.matching THEN
      call_position := greatest(call_position, stored.position);
      revisions := revisions || to_json(stored.revision);
      CONTINUE;
    END IF;

    -- All or nothing: the call's earlier writes go again.
    call_failed := true;
    IF head > call_head THEN
      DELETE FROM events WHERE position > call_head;
      head := call_head;
    END IF;
    results := results || json_build_array(call, NULL, w.s, current);
  END LOOP;
  IF call >= 0 AND NOT call_failed THEN
    results := results || json_build_array(call, call_position, revisions);
  END IF;
  IF head > first_head THEN
    UPDATE log_head SET position = head;
    PERFORM pg_notify('event_log', '');
  END IF;
  RETURN array_to_json(results);
END
$$;
