-- A tree over the ledger's events in the order of the log, so that strangers can check that none was changed (docs/proof.md).
-- Tree, tiles and bundles are made of the log, and made anew where they are lost; keys and checkpoints exist nowhere else.

-- How far the tree is: one row.
CREATE TABLE transparency_tree (
  singleton      boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  -- Entries.
  size           bigint NOT NULL,
  -- Of the log: all up to it has been looked at.
  position       bigint NOT NULL,
  event_position bigint,
  event_stream   text COLLATE "C",
  event_revision bigint,
  event_id       uuid
);
INSERT INTO transparency_tree (size, position) VALUES (0, -1);

-- 256 hashes of 32 bytes, or as many as there are.
CREATE TABLE transparency_tiles (
  level  smallint NOT NULL,
  n      bigint NOT NULL,
  hashes bytea NOT NULL,
  PRIMARY KEY (level, n)
);
-- Hashes do not get smaller.
ALTER TABLE transparency_tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- 256 entries, or as many as there are, and where in the log the event of each is.
CREATE TABLE transparency_bundles (
  n              bigint PRIMARY KEY,
  first_position bigint NOT NULL,
  -- 8 bytes an entry.
  positions      bytea NOT NULL,
  entries        bytea NOT NULL
);
CREATE INDEX transparency_bundles_by_position ON transparency_bundles (first_position);

-- What checkpoints are signed with: all keys that are not retired sign.
CREATE TABLE transparency_keys (
  -- 8 hex digits, as signatures name them.
  id         text COLLATE "C" PRIMARY KEY,
  -- name+id+key: what others check signatures with.
  vkey       text COLLATE "C" NOT NULL,
  sealed     jsonb NOT NULL,
  made_at    timestamptz NOT NULL,
  retired_at timestamptz
);

CREATE TABLE transparency_checkpoints (
  size      bigint PRIMARY KEY,
  root      bytea NOT NULL,
  -- Signed; signatures of witnesses come to it.
  note      text NOT NULL,
  signed_at timestamptz NOT NULL
);
