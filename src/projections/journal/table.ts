export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.entries (
    position    bigint PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    type        text NOT NULL,
    account_id  uuid NOT NULL,
    -- The payment, refund, adjustment or call that it is about.
    reference   text NOT NULL
  );

  -- Debits positive, credits negative, in quota; the postings of an entry sum to zero.
  CREATE TABLE ${schema}.postings (
    position bigint NOT NULL,
    leg      smallint NOT NULL,
    account  text COLLATE "C" NOT NULL,
    amount   bigint NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (position, leg)
  )`;

export const indexes = (schema: string): string =>
  `CREATE INDEX IF NOT EXISTS entries_by_account ON ${schema}.entries (account_id, position)`;
