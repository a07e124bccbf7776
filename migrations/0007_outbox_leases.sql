-- What tells one lease of a message from the next, who had it sent again, and in which log a reaction is.

ALTER TABLE outbox
  -- How often it was taken, ever: attempts begin anew when a person sends it again, and a sender from before must not end that.
  ADD leases     integer NOT NULL DEFAULT 0,
  -- When it was due first: failed attempts move due_at.
  ADD ready_at   timestamptz NOT NULL DEFAULT now(),
  -- Who discarded it, or had it sent again.
  ADD handled_by text;

-- Each receiver has senders of its own.
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (receiver, due_at, sequence) WHERE state = 'waiting';
CREATE INDEX outbox_waiting_of ON outbox (source) WHERE state = 'waiting';

ALTER TABLE reaction_checkpoints
  -- Of the program that reacts: an older one stands back.
  ADD version        integer NOT NULL DEFAULT 1,
  -- The last event seen: another one there, or none, means that this is not the log that was reacted to.
  ADD event_position bigint,
  ADD event_stream   text,
  ADD event_revision bigint,
  ADD event_id       uuid;
