-- Who takes money, and how: beside the log, since secrets of older revisions go on being used and must be sealed anew with the master key.
CREATE TABLE payment_providers (
  provider_id text COLLATE "C" PRIMARY KEY,
  -- Whether it is offered; orders that it has already are verified and healed in any case.
  enabled     boolean NOT NULL
);
CREATE TABLE payment_provider_revisions (
  -- provider:revision
  id            text COLLATE "C" PRIMARY KEY,
  provider_id   text COLLATE "C" NOT NULL REFERENCES payment_providers,
  revision      bigint NOT NULL,
  kind          text COLLATE "C" NOT NULL,
  settings      jsonb NOT NULL,
  sealed        jsonb NOT NULL,
  configured_by text NOT NULL,
  configured_at timestamptz NOT NULL,
  UNIQUE (provider_id, revision)
);
