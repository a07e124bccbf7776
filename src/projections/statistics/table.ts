export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.daily_usage (
    account_id        uuid NOT NULL,
    -- In the ledger's time zone.
    day               date NOT NULL,
    model             text NOT NULL,
    token_id          bigint NOT NULL,
    requests          bigint NOT NULL,
    failed            bigint NOT NULL,
    prompt_tokens     bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    quota             bigint NOT NULL,
    PRIMARY KEY (account_id, day, model, token_id)
  )`;
