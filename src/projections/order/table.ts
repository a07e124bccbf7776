export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.orders (
    order_id          text COLLATE "C" PRIMARY KEY,
    account_id        uuid NOT NULL,
    purpose           text NOT NULL,
    -- What a period of is ordered; null of a top-up.
    plan_id           text COLLATE "C",
    provider_id       text COLLATE "C" NOT NULL,
    provider_revision bigint NOT NULL,
    method            text NOT NULL,
    currency          text NOT NULL,
    list_minor        bigint NOT NULL,
    discount_minor    bigint NOT NULL,
    fee_minor         bigint NOT NULL,
    pay_minor         bigint NOT NULL,
    rate              text NOT NULL,
    credit_usd        text NOT NULL,
    bonus_quota       bigint NOT NULL,
    expires_at        timestamptz NOT NULL,
    placed_by         text NOT NULL,
    position          bigint NOT NULL,
    placed_at         timestamptz NOT NULL,
    -- As the order's own stream has it: placed, opened, expired, cancelled, failed, paid.
    status            text NOT NULL,
    checkout_ref      text COLLATE "C",
    checkout_url      text,
    checkout_qr       text,
    instructions      text,
    provider_payment  text COLLATE "C",
    paid_minor        bigint,
    paid_at           timestamptz,
    seen_by           text,
    -- When its payment was stored, and its credit.
    seen_at           timestamptz,
    credited_at       timestamptz,
    -- Disputes about it that are not decided.
    disputes_open     bigint NOT NULL DEFAULT 0
  );
  CREATE INDEX ON ${schema}.orders (account_id, position);
  CREATE INDEX ON ${schema}.orders (seen_at) WHERE seen_at IS NOT NULL AND credited_at IS NULL;

  CREATE TABLE ${schema}.order_flags (
    flag_id          uuid PRIMARY KEY,
    -- Null of money that is for no order; then order_id is what its provider says that it is for, if it says so.
    account_id       uuid,
    order_id         text COLLATE "C",
    provider_id      text COLLATE "C",
    kind             text NOT NULL,
    provider_payment text COLLATE "C" NOT NULL,
    amount_minor     bigint NOT NULL,
    currency         text NOT NULL,
    merchant         text NOT NULL,
    paid_at          timestamptz NOT NULL,
    seen_by          text NOT NULL,
    refusal          text,
    position         bigint NOT NULL,
    raised_at        timestamptz NOT NULL,
    -- Null while nobody has decided.
    decision         text,
    settled_by       text,
    settled_because  text,
    settled_at       timestamptz
  );
  CREATE INDEX ON ${schema}.order_flags (order_id);
  CREATE INDEX ON ${schema}.order_flags (position) WHERE decision IS NULL`;

/** For lists in the order of the log, and for what a provider names. */
export const indexes = (schema: string): string => `
  CREATE INDEX IF NOT EXISTS orders_by_position ON ${schema}.orders (position);
  CREATE INDEX IF NOT EXISTS orders_by_stage ON ${schema}.orders ((CASE WHEN credited_at IS NULL THEN status ELSE 'credited' END), position);
  CREATE INDEX IF NOT EXISTS orders_by_provider ON ${schema}.orders (provider_id, position);
  CREATE INDEX IF NOT EXISTS orders_by_checkout ON ${schema}.orders (checkout_ref);
  CREATE INDEX IF NOT EXISTS orders_by_payment ON ${schema}.orders (provider_payment);
  CREATE INDEX IF NOT EXISTS orders_uncredited ON ${schema}.orders (account_id, position) INCLUDE (order_id, status) WHERE credited_at IS NULL;
  CREATE INDEX IF NOT EXISTS orders_with_bonus ON ${schema}.orders (credited_at) WHERE bonus_quota > 0;
  CREATE INDEX IF NOT EXISTS order_flags_by_position ON ${schema}.order_flags (position)`;
