export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.settings (
    key        text COLLATE "C" PRIMARY KEY,
    -- JSON null: the default.
    value      jsonb NOT NULL,
    changed_by text NOT NULL,
    position   bigint NOT NULL,
    changed_at timestamptz NOT NULL
  )`;
