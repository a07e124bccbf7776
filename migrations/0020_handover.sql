-- Front ends hand their users over to the Portal (POST /api/user/external/session).

-- Where a front end may have people led back to: origins, as browsers say them.
ALTER TABLE service_keys ADD COLUMN return_origins text[] NOT NULL DEFAULT '{}';

-- A session that ends sooner than others of its kind, and where it leads back to.
ALTER TABLE sessions ADD COLUMN expires_at timestamptz, ADD COLUMN return_url text;
CREATE INDEX sessions_via ON sessions (via) WHERE via IS NOT NULL;

-- Codes of minutes, each used once: using one deletes it.
CREATE TABLE handovers (
  code_hash  text COLLATE "C" PRIMARY KEY,
  account_id uuid NOT NULL,
  -- `service-key:<id>`
  via        text COLLATE "C" NOT NULL,
  page       text NOT NULL,
  return_url text,
  language   text COLLATE "C",
  expires_at timestamptz NOT NULL
);
CREATE INDEX handovers_of_account ON handovers (account_id);
CREATE INDEX handovers_expired ON handovers (expires_at);
