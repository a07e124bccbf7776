-- Orders and their providers (src/reactions/payments): evidence and work lists; what counts is in the log.

-- What providers sent, as it came, sealed: for 90 days. Copies of one notification are one row.
CREATE TABLE payment_inbox (
  id          uuid PRIMARY KEY,
  provider_id text COLLATE "C" NOT NULL,
  -- Of the body.
  sha256      text COLLATE "C" NOT NULL,
  -- Method, query, headers and body; null of a forged one, of which nothing is kept.
  sealed      jsonb,
  -- received, stored, ignored, forged, later
  verdict     text COLLATE "C" NOT NULL,
  -- That it speaks of.
  order_ids   text[] NOT NULL DEFAULT '{}',
  -- How often it came.
  times       integer NOT NULL DEFAULT 1,
  received_at timestamptz NOT NULL,
  last_at     timestamptz NOT NULL,
  UNIQUE (provider_id, sha256)
);
CREATE INDEX payment_inbox_of_order ON payment_inbox USING gin (order_ids);
CREATE INDEX payment_inbox_by_age ON payment_inbox (received_at);

-- When a provider is asked of an order next; made anew from the orders.
CREATE TABLE payment_schedule (
  order_id text COLLATE "C" PRIMARY KEY,
  next_at  timestamptz NOT NULL,
  -- When it was asked last because somebody said that they had paid.
  asked_at timestamptz
);
CREATE INDEX payment_schedule_due ON payment_schedule (next_at);

-- What the test provider was paid: it is its bank.
CREATE TABLE test_payments (
  payment_id   text COLLATE "C" PRIMARY KEY,
  order_id     text COLLATE "C" NOT NULL,
  what         text COLLATE "C" NOT NULL,
  currency     text COLLATE "C" NOT NULL,
  amount_minor bigint NOT NULL,
  at           timestamptz NOT NULL
);
CREATE INDEX test_payments_of_order ON test_payments (order_id);
