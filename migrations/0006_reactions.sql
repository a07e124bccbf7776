-- What follows from the ledger outside of it: messages to people and programs. Nothing here is a read model, and no rebuild touches it.

-- How far each reaction has looked at the log. It begins at the log's end of the moment it is installed.
CREATE TABLE reaction_checkpoints (
  reaction     text COLLATE "C" PRIMARY KEY,
  begins_after bigint NOT NULL,
  position     bigint NOT NULL,
  updated_at   timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- Messages on their way. The id is made of what they follow from and never changes, so that a receiver can tell one it has had.
CREATE TABLE outbox (
  id          uuid PRIMARY KEY,
  sequence    bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  receiver    text COLLATE "C" NOT NULL,
  kind        text COLLATE "C" NOT NULL,
  -- Of one receiver, messages with the same key go out one after the other.
  order_key   text COLLATE "C",
  payload     jsonb NOT NULL,
  -- The reaction, or what raised it.
  source      text NOT NULL,
  -- Of the event it follows from, where it follows from one.
  position    bigint,
  state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead', 'discarded')),
  -- Begun so far; also tells a sender whose lease ran out that the message is another's now.
  attempts    integer NOT NULL DEFAULT 0,
  due_at      timestamptz NOT NULL DEFAULT now(),
  lease_until timestamptz,
  last_fault  text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  ended_at    timestamptz
) WITH (fillfactor = 70);
CREATE INDEX outbox_due ON outbox (due_at, sequence) WHERE state = 'waiting';
CREATE INDEX outbox_in_order ON outbox (receiver, order_key, sequence) WHERE state = 'waiting' AND order_key IS NOT NULL;
CREATE INDEX outbox_ended ON outbox (ended_at) WHERE state <> 'waiting';

-- States that somebody must be told of: once when they begin and once when they end.
CREATE TABLE alerts (
  key         text COLLATE "C" PRIMARY KEY,
  kind        text COLLATE "C" NOT NULL,
  details     jsonb NOT NULL,
  -- How often it has begun.
  occurrence  integer NOT NULL DEFAULT 1,
  raised_at   timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz
);
