export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.balances (
    account_id     uuid PRIMARY KEY,
    balance        bigint NOT NULL,
    used_quota     bigint NOT NULL,
    total_requests bigint NOT NULL,
    -- Of the last event that moved it.
    position       bigint NOT NULL
  ) WITH (fillfactor = 70);

  CREATE TABLE ${schema}.token_usage (
    token_id   bigint PRIMARY KEY,
    used_quota bigint NOT NULL,
    position   bigint NOT NULL
  ) WITH (fillfactor = 70);

  -- The balance right after a credit, refund, adjustment or grant: the first answer to a payment, and every repetition, shows it.
  CREATE TABLE ${schema}.balances_after (
    position      bigint PRIMARY KEY,
    account_id    uuid NOT NULL,
    balance_after bigint NOT NULL
  )`;
