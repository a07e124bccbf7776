import { LIABILITY } from './entry.js';

/** The two postings of an entry stand in its row: one row and one key an event instead of three. */
export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.entries (
    position        bigint PRIMARY KEY,
    recorded_at     timestamptz NOT NULL,
    type            text NOT NULL,
    account_id      uuid NOT NULL,
    -- The payment, refund, adjustment, grant or call that it is about.
    reference       text NOT NULL,
    -- Debits positive, credits negative, in quota.
    counter_account text COLLATE "C" NOT NULL,
    counter_amount  bigint NOT NULL,
    -- Of what the user has.
    user_amount     bigint NOT NULL,
    CONSTRAINT entries_balance CHECK (counter_amount <> 0 AND counter_amount + user_amount = 0)
  );

  CREATE VIEW ${schema}.postings AS
    SELECT position, 0::smallint AS leg, counter_account AS account, counter_amount AS amount FROM ${schema}.entries
    UNION ALL
    SELECT position, 1::smallint, ('${LIABILITY}' || account_id::text) COLLATE "C", user_amount FROM ${schema}.entries`;

export const indexes = (schema: string): string =>
  `CREATE INDEX IF NOT EXISTS entries_by_account ON ${schema}.entries (account_id, position)`;
