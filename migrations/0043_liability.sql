-- Sum trees over what accounts have at the end of a day: made of the log, and made anew where they are lost (docs/adr/0036).

CREATE TABLE liability_trees (
  -- A day, or an instant.
  as_of    text COLLATE "C" NOT NULL,
  -- What is owed to accounts, or what they owe.
  side     text COLLATE "C" NOT NULL CHECK (side IN ('owed', 'overdrawn')),
  -- Of the log: what they come to counts.
  entries  bigint NOT NULL,
  accounts bigint NOT NULL,
  -- A hash and a sum.
  root     bytea NOT NULL,
  PRIMARY KEY (as_of, side)
);

-- 256 accounts, or as many as there are: mark, amount and the index of the last movement.
CREATE TABLE liability_leaves (
  as_of      text COLLATE "C" NOT NULL,
  side       text COLLATE "C" NOT NULL,
  n          bigint NOT NULL,
  first_mark bytea NOT NULL,
  leaves     bytea NOT NULL,
  PRIMARY KEY (as_of, side, n)
);
CREATE INDEX liability_leaves_by_mark ON liability_leaves (as_of, side, first_mark);

-- 256 nodes of a level above the leaves, or as many as there are.
CREATE TABLE liability_tiles (
  as_of text COLLATE "C" NOT NULL,
  side  text COLLATE "C" NOT NULL,
  level smallint NOT NULL,
  n     bigint NOT NULL,
  nodes bytea NOT NULL,
  PRIMARY KEY (as_of, side, level, n)
);
-- Hashes do not get smaller.
ALTER TABLE liability_leaves ALTER COLUMN leaves SET STORAGE EXTERNAL;
ALTER TABLE liability_tiles ALTER COLUMN nodes SET STORAGE EXTERNAL;
