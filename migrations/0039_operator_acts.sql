-- Acts that no event tells: mails that were sent again, and sessions that were ended.
ALTER TABLE operator_traces DROP CONSTRAINT operator_traces_kind_check;
ALTER TABLE operator_traces
  ADD CONSTRAINT operator_traces_kind_check CHECK (kind IN ('login', 'login-failed', 'refused', 'acted'));
