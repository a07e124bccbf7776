ALTER TABLE ledger_instance
  -- Keys that events are sealed with from before rotations of the master key, sealed under the one in force; NULL before the first.
  ADD COLUMN former_seal_keys jsonb;
