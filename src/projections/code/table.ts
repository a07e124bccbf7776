export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.code_batches (
    batch_id       uuid PRIMARY KEY,
    name           text NOT NULL,
    -- How many it is to have; what it has is in the table of codes.
    codes          integer NOT NULL,
    quota          bigint NOT NULL,
    ends_at        timestamptz NOT NULL,
    grant_days     integer,
    made_by        text NOT NULL,
    position       bigint NOT NULL,
    made_at        timestamptz NOT NULL,
    -- Of its stream, so that who reads on begins behind it.
    revision       bigint NOT NULL,
    voided_at      timestamptz,
    voided_by      text,
    voided_because text
  );
  CREATE UNIQUE INDEX ON ${schema}.code_batches (position);

  CREATE TABLE ${schema}.codes (
    code_hash      text COLLATE "C" PRIMARY KEY,
    batch_id       uuid NOT NULL,
    voided_at      timestamptz,
    voided_by      text,
    voided_because text,
    -- The grant that it was used for.
    grant_id       uuid,
    account_id     uuid,
    used_at        timestamptz
  );
  CREATE INDEX ON ${schema}.codes (batch_id);
  CREATE INDEX ON ${schema}.codes (batch_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX ON ${schema}.codes (batch_id) WHERE voided_at IS NOT NULL`;
