-- What was signed of a log that is lost, after a person has begun its tree anew under another name: it is held against nothing any more.
CREATE TABLE transparency_given_up (
  origin      text COLLATE "C" NOT NULL,
  size        bigint NOT NULL,
  note        text NOT NULL,
  signed_at   timestamptz NOT NULL,
  given_up_at timestamptz NOT NULL,
  given_up_by text NOT NULL,
  reason      text NOT NULL,
  PRIMARY KEY (origin, size)
);
