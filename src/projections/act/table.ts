export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.acts (
    position    bigint PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    actor       text COLLATE "C" NOT NULL,
    -- Without its version.
    type        text COLLATE "C" NOT NULL,
    -- Where its event stands, which says the rest.
    stream      text COLLATE "C" NOT NULL,
    revision    bigint NOT NULL
  )`;

export const indexes = (schema: string): string => `
  CREATE INDEX IF NOT EXISTS acts_of_actor ON ${schema}.acts (actor, position);
  CREATE INDEX IF NOT EXISTS acts_of_type ON ${schema}.acts (type, position);
  CREATE INDEX IF NOT EXISTS acts_of_stream ON ${schema}.acts (stream, position);
  CREATE INDEX IF NOT EXISTS acts_by_time ON ${schema}.acts (recorded_at)`;
