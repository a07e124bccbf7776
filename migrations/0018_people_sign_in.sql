-- What the people of accounts sign in with. That they may, and since when, is in the log (`login-…`); a row here without events there opens
-- nothing. Whatever is found by a secret is found by a keyed hash of it.

CREATE TABLE user_credentials (
  account_id    uuid PRIMARY KEY,
  -- PHC string: the parameters are in it.
  password_hash text NOT NULL,
  -- Sessions and tokens of an earlier generation have ended.
  generation    bigint NOT NULL DEFAULT 1,
  changed_at    timestamptz NOT NULL DEFAULT now()
);

-- Of browsers, people's and operators'. One that has ended is deleted.
CREATE TABLE sessions (
  id            uuid PRIMARY KEY,
  -- Of the cookie.
  secret_hash   text COLLATE "C" NOT NULL UNIQUE,
  account_id    uuid,
  operator      text COLLATE "C",
  generation    bigint NOT NULL,
  -- `password`, `handover` …
  method        text COLLATE "C" NOT NULL,
  -- The service key that handed the person over; it may not change how they sign in.
  via           text COLLATE "C",
  address_block text COLLATE "C" NOT NULL,
  agent         text NOT NULL,
  created_at    timestamptz NOT NULL,
  seen_at       timestamptz NOT NULL,
  -- When the password, or more, was last given.
  proven_at     timestamptz NOT NULL,
  CHECK ((account_id IS NULL) <> (operator IS NULL))
);
CREATE INDEX sessions_of_account ON sessions (account_id);
CREATE INDEX sessions_of_operator ON sessions (operator);
CREATE INDEX sessions_idle ON sessions (seen_at);

-- Who wants an account and has not used the link yet. Outside of the log, so that nobody holds a name or an address that is not theirs.
CREATE TABLE pending_registrations (
  -- The account will be `self-<id>`.
  id            uuid PRIMARY KEY,
  -- Of the link, and of the address.
  secret_hash   text COLLATE "C" NOT NULL UNIQUE,
  email_hash    text COLLATE "C" NOT NULL,
  -- Name, address and language; null, as the password, once there is an account.
  sealed        jsonb,
  password_hash text,
  expires_at    timestamptz NOT NULL
);
CREATE INDEX pending_registrations_of_address ON pending_registrations (email_hash);
CREATE INDEX pending_registrations_expired ON pending_registrations (expires_at);

-- Links that were sent to somebody who has an account.
CREATE TABLE mail_tokens (
  secret_hash text COLLATE "C" PRIMARY KEY,
  kind        text COLLATE "C" NOT NULL,
  account_id  uuid NOT NULL,
  -- Keyed hash of the address that it was sent to.
  email_hash  text COLLATE "C" NOT NULL,
  -- What it is for, where more is to be known: the address to change to.
  sealed      jsonb,
  expires_at  timestamptz NOT NULL,
  used_at     timestamptz
);
CREATE INDEX mail_tokens_of_account ON mail_tokens (account_id);
CREATE INDEX mail_tokens_expired ON mail_tokens (expires_at);

-- Mails to be sent, and what became of them. What they say is sealed, and gone once they were sent.
CREATE TABLE mails (
  id         uuid PRIMARY KEY,
  kind       text COLLATE "C" NOT NULL,
  account_id uuid,
  -- To whom, and what about.
  envelope   jsonb NOT NULL,
  body       jsonb,
  -- `waiting`, `sent`, `failed`; `kept` where there is no server to send it.
  state      text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'kept')),
  attempts   int NOT NULL DEFAULT 0,
  -- The server's answer, where there was one.
  answer     text,
  created_at timestamptz NOT NULL,
  next_at    timestamptz NOT NULL,
  ended_at   timestamptz
);
CREATE INDEX mails_due ON mails (next_at) WHERE state = 'waiting';
CREATE INDEX mails_newest ON mails (created_at, id);
CREATE INDEX mails_of_account ON mails (account_id);
