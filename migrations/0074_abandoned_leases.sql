-- From this version on the log may say that the holder of a lease died (`lease-abandoned`, ADR 0050). A program that does not know that event would
-- take it for somebody else's: this migration becomes a breaking one when the first process takes leases, as the one before it, and not before.
COMMENT ON COLUMN schema_migrations.breaking IS 'A program that does not know the migration is refused. Some become so when what they stand for is first made use of.';
