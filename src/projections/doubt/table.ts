export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.doubts (
    call_id           uuid PRIMARY KEY,
    account_id        uuid NOT NULL,
    request_id        text COLLATE "C" NOT NULL,
    token_id          bigint NOT NULL,
    model             text NOT NULL,
    -- As charged: our own count.
    prompt_tokens     bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    quota             bigint NOT NULL,
    reason            text NOT NULL,
    -- What upstream said, in words.
    reported          text NOT NULL,
    position          bigint NOT NULL,
    recorded_at       timestamptz NOT NULL,
    -- What came back to the account, negative for what it paid more; null while the doubt is open, 0 where the charge stands.
    adjusted          bigint,
    settled_by        text,
    settled_because   text,
    settled_at        timestamptz
  );
  CREATE UNIQUE INDEX ON ${schema}.doubts (position);
  CREATE INDEX ON ${schema}.doubts (position) WHERE adjusted IS NULL`;

/** For lists of one model's. */
export const indexes = (schema: string): string =>
  `CREATE INDEX IF NOT EXISTS doubts_of_model ON ${schema}.doubts (model, position)`;
