export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.price_lists (
    version      bigint PRIMARY KEY,
    prices       jsonb NOT NULL,
    groups       jsonb NOT NULL,
    published_by text NOT NULL,
    position     bigint NOT NULL,
    published_at timestamptz NOT NULL
  );

  CREATE TABLE ${schema}.channels (
    channel_id text COLLATE "C" PRIMARY KEY,
    settings   jsonb NOT NULL,
    enabled    boolean NOT NULL,
    disabled   jsonb,
    position   bigint NOT NULL
  )`;
