-- From this version on the id of a call may say that its charge is in a stream of its process (ADR 0044). A program that does not know that would
-- look for it in another stream: this migration becomes a breaking one when the first process makes such ids, and not before.
COMMENT ON SEQUENCE writer_lanes IS 'Each process that writes charges takes the next lane when it starts; the ids of its calls have it.';
