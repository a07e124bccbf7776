-- Corrections of balances that may wait for a second operator: where to look. Whether one still waits is said by its stream in the log alone.
CREATE TABLE adjustment_requests (
  adjustment_id    text COLLATE "C" PRIMARY KEY,
  external_user_id text COLLATE "C" NOT NULL,
  requested_at     timestamptz NOT NULL DEFAULT now()
);
