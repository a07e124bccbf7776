-- What operators said of an alert. Of the occurrence that it was said of alone: one that is raised again, later, has not been seen by anybody.
ALTER TABLE alerts
  ADD COLUMN id              uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  ADD COLUMN acknowledged_by text COLLATE "C",
  ADD COLUMN acknowledged_at timestamptz,
  ADD COLUMN snoozed_by      text COLLATE "C",
  ADD COLUMN snoozed_at      timestamptz,
  ADD COLUMN snoozed_until   timestamptz,
  -- Absent: what it was about ended by itself.
  ADD COLUMN resolved_by     text COLLATE "C";
