-- Orders on their way into the read models: counted with those that are there, so that limits are exact.
CREATE TABLE order_slots (
  order_id   text COLLATE "C" PRIMARY KEY,
  account_id uuid NOT NULL,
  taken_at   timestamptz NOT NULL
);
CREATE INDEX order_slots_of_account ON order_slots (account_id);

-- What a notification said, as it was understood: what was not taken at once is taken by the sweep. No secrets, no names.
ALTER TABLE payment_inbox ADD COLUMN sightings jsonb, ADD COLUMN provider_revision bigint;
CREATE INDEX payment_inbox_undone ON payment_inbox (received_at) WHERE verdict IN ('received', 'later');
