-- What people and operators are asked for beside their password. A row is in force where the log names its id (`second-factor-added`); one
-- that it does not name was begun and never confirmed, or was taken away.

CREATE TABLE totp_secrets (
  id         uuid PRIMARY KEY,
  account_id uuid,
  operator   text COLLATE "C",
  sealed     jsonb NOT NULL,
  -- Of the code that was used last: neither it nor one before is taken again.
  used_step  bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  CHECK ((account_id IS NULL) <> (operator IS NULL))
);
CREATE INDEX totp_secrets_of_account ON totp_secrets (account_id);
CREATE INDEX totp_secrets_of_operator ON totp_secrets (operator);

CREATE TABLE recovery_codes (
  -- Keyed.
  code_hash  text COLLATE "C" PRIMARY KEY,
  -- Those that were made together; the log names the batch.
  batch      uuid NOT NULL,
  account_id uuid,
  operator   text COLLATE "C",
  used_at    timestamptz,
  CHECK ((account_id IS NULL) <> (operator IS NULL))
);
CREATE INDEX recovery_codes_of_account ON recovery_codes (account_id);
CREATE INDEX recovery_codes_of_operator ON recovery_codes (operator);

-- Sign-ins that wait for their second step. What is known of them is sealed, and gone within minutes.
CREATE TABLE sign_in_steps (
  secret_hash text COLLATE "C" PRIMARY KEY,
  account_id  uuid,
  sealed      jsonb NOT NULL,
  expires_at  timestamptz NOT NULL
);
CREATE INDEX sign_in_steps_of_account ON sign_in_steps (account_id);
CREATE INDEX sign_in_steps_expired ON sign_in_steps (expires_at);

-- Who signed in to an account, for 90 days.
CREATE TABLE sign_ins (
  id            uuid PRIMARY KEY,
  account_id    uuid NOT NULL,
  at            timestamptz NOT NULL,
  address_block text COLLATE "C" NOT NULL,
  agent         text NOT NULL,
  -- As in `sessions`.
  method        text COLLATE "C" NOT NULL
);
CREATE INDEX sign_ins_of_account ON sign_ins (account_id, at);
CREATE INDEX sign_ins_old ON sign_ins (at);
