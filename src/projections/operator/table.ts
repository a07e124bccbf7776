export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.operators (
    name       text COLLATE "C" PRIMARY KEY,
    role       text NOT NULL,
    enabled    boolean NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    position   bigint NOT NULL
  )`;
