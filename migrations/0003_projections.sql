-- Where the read models are in the log. The tables of a read model live in a schema of its own (p_<name>), made by its projector;
-- a rebuild makes p_<name>_next beside it, with a row of its own here, and the two are swapped in one transaction.

CREATE TABLE projection_checkpoints (
  projection     text NOT NULL,
  slot           text NOT NULL CHECK (slot IN ('live', 'next')),
  -- What made the tables; a program with another version builds new ones beside them.
  version        text NOT NULL,
  -- The last place of the log looked at; -1 before the first event.
  position       bigint NOT NULL,
  -- The last event applied: another event there, or none, means that this is not the log the tables were made from.
  event_position bigint,
  event_stream   text,
  event_revision bigint,
  event_id       uuid,
  updated_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, slot)
) WITH (fillfactor = 50);

-- Events that a projection outside the ledger could not use and went past.
CREATE TABLE projection_quarantine (
  projection     text NOT NULL,
  position       bigint NOT NULL,
  stream         text NOT NULL,
  revision       bigint NOT NULL,
  type           text NOT NULL,
  reason         text NOT NULL,
  quarantined_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, position)
);

-- How far the cached balance is known to have been told of what is committed; may lag. What a new or lost cache is asked for is
-- loaded from tables that are at least as far as this, so that it need be told nothing older.
CREATE TABLE projection_cache_feed (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  position  bigint NOT NULL
);
