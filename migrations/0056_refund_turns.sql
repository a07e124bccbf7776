-- Who is at work on a refund at its provider, and until when: whoever comes meanwhile goes away. Nothing is lost with it.
CREATE TABLE payment_refund_turns (
  refund_id text COLLATE "C" PRIMARY KEY,
  until_at  timestamptz NOT NULL
);
