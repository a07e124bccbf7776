export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.daily_usage (
    account_id        uuid NOT NULL,
    -- In the ledger's time zone.
    day               date NOT NULL,
    -- As the history has it: consume, topup, refund, adjust or error.
    type              text NOT NULL,
    -- Empty, and the key 0, where the row is of no call.
    model             text NOT NULL,
    token_id          bigint NOT NULL,
    -- Of the history.
    log_rows          bigint NOT NULL,
    requests          bigint NOT NULL,
    failed            bigint NOT NULL,
    -- Calls that their clients did not wait for, charged or not.
    hung_up           bigint NOT NULL,
    prompt_tokens     bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    -- Spent; negative for what came in.
    quota             bigint NOT NULL,
    -- All that sums are made of, so that those of a large account, whose rows lie all over the table, are made from the index alone.
    PRIMARY KEY (account_id, day, type, model, token_id) INCLUDE (log_rows, requests, prompt_tokens, completion_tokens, quota)
  );
  -- Few rows are in it.
  CREATE INDEX ON ${schema}.daily_usage (day, account_id, token_id) WHERE hung_up > 0`;
