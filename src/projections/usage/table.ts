export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.log_rows (
    position          bigint NOT NULL,
    recorded_at       timestamptz NOT NULL,
    account_id        uuid NOT NULL,
    type              text NOT NULL,
    model             text NOT NULL,
    token_id          bigint,
    prompt_tokens     bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    -- Quota; negative for what came in.
    spend             bigint NOT NULL,
    request_id        text COLLATE "C",
    -- The call, payment, refund or adjustment that it is about.
    reference         text COLLATE "C" NOT NULL,
    -- The event: its stream and its revision there.
    stream            text COLLATE "C" NOT NULL,
    revision          bigint NOT NULL,
    -- Who answered, and by which group the price was chosen; empty where there was neither.
    channel_id        text NOT NULL,
    group_name        text NOT NULL,
    duration_ms       bigint,
    -- Of a failed call its code; of one whose process died that it did.
    code              text,
    PRIMARY KEY (position, recorded_at)
  ) PARTITION BY RANGE (recorded_at)`;

export const indexes = (schema: string): string => `
  -- With what pages are filtered by, so that a page deep in a long history is found without its rows.
  CREATE INDEX IF NOT EXISTS log_rows_by_account ON ${schema}.log_rows (account_id, recorded_at DESC, position DESC) INCLUDE (type, model, token_id);
  -- Ids are random and asked for whole: half the time to write and half the size of a tree (seen).
  CREATE INDEX IF NOT EXISTS log_rows_by_request ON ${schema}.log_rows USING hash (request_id);
  CREATE INDEX IF NOT EXISTS log_rows_by_reference ON ${schema}.log_rows USING hash (reference);
  -- Rows come in the order of time: of a stretch of it this finds the pages, and is nearly nothing to write.
  CREATE INDEX IF NOT EXISTS log_rows_by_time ON ${schema}.log_rows USING brin (recorded_at) WITH (pages_per_range = 32, autosummarize = on)`;

/** The partition of a month of UTC, made when the first row of that month comes. `month`: the first instant of it. */
export function partitionDdl(schema: string, month: Date): string {
  const next = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1));
  const name = month.toISOString().slice(0, 7).replace('-', '');
  return `CREATE TABLE ${schema}.log_rows_${name} PARTITION OF ${schema}.log_rows
          FOR VALUES FROM ('${month.toISOString()}') TO ('${next.toISOString()}')`;
}
