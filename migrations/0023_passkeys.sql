-- Passkeys of people: each opens its account where the log names its id (`second-factor-added`, `passkey`).

CREATE TABLE passkeys (
  -- As the browser has it, base64url.
  id          text COLLATE "C" PRIMARY KEY,
  account_id  uuid NOT NULL,
  name        text NOT NULL,
  public_key  bytea NOT NULL,
  -- Signatures so far; keys that are kept in several places do not count.
  counter     bigint NOT NULL,
  transports  text[] NOT NULL,
  backed_up   boolean NOT NULL,
  -- Whether it is asked for after the password as well.
  second_step boolean NOT NULL DEFAULT false,
  created_at  timestamptz NOT NULL,
  used_at     timestamptz
);
CREATE INDEX passkeys_of_account ON passkeys (account_id);
