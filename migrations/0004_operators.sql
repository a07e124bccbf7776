-- What operators log in with. Who they are and what they may do is in the log; a row here without events there opens nothing.

CREATE TABLE operator_credentials (
  name          text COLLATE "C" PRIMARY KEY,
  -- PHC string: the parameters are in it.
  password_hash text NOT NULL,
  -- Logins of an earlier version have ended.
  session       bigint NOT NULL DEFAULT 1,
  changed_at    timestamptz NOT NULL DEFAULT now()
);

-- Logins tried of late, by the keyed hash of a name or an address: a bucket that is full again at `full_at`.
CREATE TABLE login_attempts (
  subject text COLLATE "C" PRIMARY KEY,
  full_at timestamptz NOT NULL
);
CREATE INDEX login_attempts_full ON login_attempts (full_at);
