ALTER TABLE ledger_instance
  -- Set while a rotation of the master key is under way: until it is finished nothing starts on this database.
  ADD COLUMN rotating_to text,
  -- The first master key, sealed under the one in force: keys and claims are found by hashes under it, for ever.
  ADD COLUMN name_key    jsonb;
