-- From this version on whoever changes a key waits for the leases of holds that may admit calls of it (ADR 0050). A program that does not know them
-- would answer too soon: this migration becomes a breaking one when the first process takes leases, and not before.
COMMENT ON COLUMN schema_migrations.breaking IS 'A program that does not know the migration is refused. Some become so when what they stand for is first made use of.';
