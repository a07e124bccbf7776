-- Which log this database belongs to: the ledger's id was here before, and now stands in the log's first event as well.

ALTER TABLE ledger_instance
  -- Where the log is kept; NULL until a log was recognised, or founded.
  ADD COLUMN log_kind   text CHECK (log_kind IN ('eventstoredb', 'postgres')),
  -- How often an older copy of the log was accepted, as this database knows it.
  ADD COLUMN generation integer NOT NULL DEFAULT 0;
