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
  CREATE INDEX ON ${schema}.daily_usage (day, account_id, token_id) WHERE hung_up > 0;

  -- The same days of all accounts together, with who answered and by which group the price was chosen: few rows, however many users there are.
  CREATE TABLE ${schema}.daily_traffic (
    day               date NOT NULL,
    type              text NOT NULL,
    model             text NOT NULL,
    -- Empty where nobody answered, and where the row does not say.
    channel_id        text NOT NULL,
    group_name        text NOT NULL,
    log_rows          bigint NOT NULL,
    requests          bigint NOT NULL,
    failed            bigint NOT NULL,
    prompt_tokens     bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    quota             bigint NOT NULL,
    PRIMARY KEY (day, type, model, channel_id, group_name)
  )`;

/** Rows come nearly in the order of days: for what is asked of all accounts in a stretch of them. */
export const indexes = (schema: string): string =>
  `CREATE INDEX IF NOT EXISTS daily_usage_by_day ON ${schema}.daily_usage USING brin (day) WITH (pages_per_range = 32, autosummarize = on)`;
