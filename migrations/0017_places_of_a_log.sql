-- A place means something in one log only. Which one that is: by the generation of the ledger, which each move and each restore raises. Whoever
-- is still at work with the log of before must not write its places over those of this one.
ALTER TABLE reaction_checkpoints ADD COLUMN generation integer NOT NULL DEFAULT 0;
UPDATE reaction_checkpoints SET generation = ledger_instance.generation FROM ledger_instance;
