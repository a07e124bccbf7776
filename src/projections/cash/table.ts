export const ddl = (schema: string): string => `
  -- What the provider of each order has of its money: of the payment that the order has.
  CREATE TABLE ${schema}.cash_orders (
    order_id       text COLLATE "C" PRIMARY KEY,
    account_id     uuid NOT NULL,
    purpose        text NOT NULL,
    provider_id    text COLLATE "C" NOT NULL,
    currency       text NOT NULL,
    rate           text NOT NULL,
    payment        text,
    paid_minor     bigint NOT NULL,
    returned_minor bigint NOT NULL,
    disputed_minor bigint NOT NULL,
    position       bigint NOT NULL,
    -- When the payment was stored.
    paid_at        timestamptz
  );

  -- What that is made of. kind: returned (all so far, by payment), failed (of that, by refund), disputed, sent (from here, by refund).
  CREATE TABLE ${schema}.cash_facts (
    order_id text COLLATE "C" NOT NULL,
    kind     text COLLATE "C" NOT NULL,
    id       text COLLATE "C" NOT NULL,
    payment  text NOT NULL,
    minor    bigint NOT NULL,
    standing text NOT NULL,
    PRIMARY KEY (order_id, kind, id)
  );

  -- Fees and payouts.
  CREATE TABLE ${schema}.cash_movements (
    cash_id         uuid PRIMARY KEY,
    provider_id     text COLLATE "C" NOT NULL,
    kind            text NOT NULL,
    reference       text COLLATE "C" NOT NULL,
    currency        text NOT NULL,
    amount_minor    bigint NOT NULL,
    quota           bigint NOT NULL,
    at              timestamptz NOT NULL,
    evidence_sha256 text,
    reason          text NOT NULL,
    booked_by       text NOT NULL,
    position        bigint NOT NULL,
    booked_at       timestamptz NOT NULL
  );
  CREATE INDEX ON ${schema}.cash_movements (provider_id, at);

  -- Of the journal: what moves no customer's balance. The entries of those that do are in the journal's own tables.
  CREATE TABLE ${schema}.cash_entries (
    position    bigint PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    type        text NOT NULL,
    account_id  uuid,
    provider_id text NOT NULL,
    reference   text NOT NULL
  );
  CREATE TABLE ${schema}.cash_postings (
    position bigint NOT NULL,
    leg      smallint NOT NULL,
    account  text COLLATE "C" NOT NULL,
    -- Debits positive, credits negative, in quota.
    amount   bigint NOT NULL,
    PRIMARY KEY (position, leg)
  )`;
