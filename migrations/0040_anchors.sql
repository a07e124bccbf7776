-- Checkpoints go to places outside, and signatures of witnesses come back (docs/proof.md).

-- One row for each anchor that the operator's file names.
CREATE TABLE transparency_anchors (
  name          text COLLATE "C" PRIMARY KEY,
  -- Entries of the last checkpoint that it has.
  size          bigint NOT NULL DEFAULT 0,
  anchored_at   timestamptz,
  -- Not before.
  next_at       timestamptz NOT NULL DEFAULT now(),
  -- In a row, and ever.
  attempts      integer NOT NULL DEFAULT 0,
  failures      bigint NOT NULL DEFAULT 0,
  failing_since timestamptz,
  last_fault    text
);

-- A checkpoint is shown to others when its witnesses have had the time to sign it.
ALTER TABLE transparency_checkpoints ADD COLUMN published_at timestamptz;
UPDATE transparency_checkpoints SET published_at = signed_at;
