export const ddl = (schema: string): string => `
  -- Each credit and grant of an account, and what of it is left. An account whose lots are empty may owe.
  CREATE TABLE ${schema}.lots (
    position   bigint PRIMARY KEY,
    account_id uuid NOT NULL,
    -- granted, corrected, purchased.
    origin     text NOT NULL,
    -- The grant, payment, adjustment or call.
    reference  text COLLATE "C" NOT NULL,
    priority   integer NOT NULL,
    ends_at    timestamptz,
    quota      bigint NOT NULL,
    remaining  bigint NOT NULL CHECK (remaining >= 0),
    is_closed  boolean NOT NULL
  ) WITH (fillfactor = 70);
  CREATE INDEX ON ${schema}.lots (account_id) WHERE remaining > 0;
  CREATE INDEX ON ${schema}.lots (reference) WHERE origin <> 'corrected';

  CREATE TABLE ${schema}.debts (
    account_id uuid PRIMARY KEY,
    debt       bigint NOT NULL CHECK (debt >= 0)
  );

  -- What each event burned of a grant.
  CREATE TABLE ${schema}.allocations (
    position bigint NOT NULL,
    grant_id uuid NOT NULL,
    quota    bigint NOT NULL,
    PRIMARY KEY (grant_id, position)
  );

  CREATE TABLE ${schema}.grants (
    grant_id          uuid PRIMARY KEY,
    account_id        uuid NOT NULL,
    kind              text NOT NULL,
    source            text COLLATE "C" NOT NULL,
    quota             bigint NOT NULL,
    priority          integer NOT NULL,
    ends_at           timestamptz,
    reason            text NOT NULL,
    given_by          text NOT NULL,
    position          bigint NOT NULL,
    given_at          timestamptz NOT NULL,
    -- open, closed, expired, withdrawn.
    status            text NOT NULL,
    closed_at         timestamptz,
    -- ended, withdrawn.
    closed_because    text,
    ended_at          timestamptz,
    expired           bigint NOT NULL,
    withdrawn         bigint NOT NULL,
    withdrawn_by      text,
    withdrawn_because text
  );
  CREATE INDEX ON ${schema}.grants (account_id, position);
  CREATE INDEX ON ${schema}.grants (position);
  CREATE INDEX ON ${schema}.grants (ends_at) WHERE status IN ('open', 'closed')`;

/** For what of a source was given. */
export const indexes = (schema: string): string =>
  `CREATE INDEX IF NOT EXISTS grants_by_source ON ${schema}.grants (source)`;
