-- Who logged in to the admin API, tried to, or was refused something, and from where. Changes are events; these are not. The same within an
-- hour is one row that counts, so that nobody fills the table by asking often. Kept for ninety days.
CREATE TABLE operator_traces (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hour          timestamptz NOT NULL,
  kind          text COLLATE "C" NOT NULL CHECK (kind IN ('login', 'login-failed', 'refused')),
  -- As it was given, where it could be a name; empty where nobody said one.
  name          text COLLATE "C" NOT NULL,
  -- An IPv4 address or a /64 of IPv6, or `unknown`.
  address_block text COLLATE "C" NOT NULL,
  -- The code of the answer, and the permission that was missing.
  reason        text COLLATE "C" NOT NULL,
  route         text COLLATE "C" NOT NULL,
  times         bigint NOT NULL DEFAULT 1,
  first_at      timestamptz NOT NULL,
  last_at       timestamptz NOT NULL,
  UNIQUE (hour, kind, name, address_block, reason, route)
);
CREATE INDEX operator_traces_age ON operator_traces (last_at);
