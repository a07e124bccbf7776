export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.sent_refunds (
    refund_id         text COLLATE "C" PRIMARY KEY,
    order_id          text COLLATE "C" NOT NULL,
    account_id        uuid NOT NULL,
    provider_id       text COLLATE "C" NOT NULL,
    provider_revision bigint NOT NULL,
    provider_payment  text COLLATE "C" NOT NULL,
    currency          text NOT NULL,
    amount_minor      bigint NOT NULL,
    reason            text NOT NULL,
    requested_by      text NOT NULL,
    position          bigint NOT NULL,
    requested_at      timestamptz NOT NULL,
    -- requested, sent, succeeded, failed.
    status            text NOT NULL,
    sent_at           timestamptz,
    ended_at          timestamptz,
    provider_refund   text,
    why               text
  );
  CREATE INDEX ON ${schema}.sent_refunds (order_id);
  CREATE INDEX ON ${schema}.sent_refunds (position);
  CREATE INDEX ON ${schema}.sent_refunds (requested_at) WHERE ended_at IS NULL`;

/** For lists of those of which nobody knows what became of them. */
export const indexes = (schema: string): string =>
  `CREATE INDEX IF NOT EXISTS sent_refunds_open ON ${schema}.sent_refunds (position) WHERE ended_at IS NULL`;
