export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.payments (
    payment_id  text COLLATE "C" PRIMARY KEY,
    account_id  uuid NOT NULL,
    amount_usd  text NOT NULL,
    quota       bigint NOT NULL,
    credited_by text NOT NULL,
    note        text,
    position    bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    received_at timestamptz
  );
  CREATE INDEX ON ${schema}.payments (account_id, position);

  CREATE TABLE ${schema}.refunds (
    payment_id  text COLLATE "C" NOT NULL REFERENCES ${schema}.payments,
    refund_id   text COLLATE "C" NOT NULL,
    amount_usd  text NOT NULL,
    quota       bigint NOT NULL,
    reason      text NOT NULL,
    refunded_by text NOT NULL,
    position    bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (payment_id, refund_id)
  )`;

/** For lists in the order of the log. */
export const indexes = (schema: string): string =>
  `CREATE INDEX IF NOT EXISTS payments_by_position ON ${schema}.payments (position)`;
