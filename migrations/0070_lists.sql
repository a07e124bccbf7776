-- Lists of Admin by what they are filtered by, and in their order: without these each looked at the whole table (docs/performance.md).
CREATE INDEX operator_traces_of_name ON operator_traces (name, id);
CREATE INDEX operator_traces_of_block ON operator_traces (address_block, id);
CREATE INDEX operator_traces_of_kind ON operator_traces (kind, id);
CREATE INDEX outbox_of_state ON outbox (state, sequence);
CREATE INDEX outbox_of_receiver ON outbox (receiver, sequence);
CREATE INDEX outbox_of_source ON outbox (source, sequence);
CREATE INDEX jobs_newest ON jobs (created_at, id);
CREATE INDEX jobs_of_type ON jobs (type, created_at, id);
CREATE INDEX jobs_of_state ON jobs (state, created_at, id);
