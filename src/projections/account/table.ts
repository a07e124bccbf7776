export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.accounts (
    account_id       uuid PRIMARY KEY,
    user_id          bigint NOT NULL,
    external_user_id text COLLATE "C" NOT NULL UNIQUE,
    -- Not unique here: claims in the log see to that, and a read model does not judge.
    username         text NOT NULL,
    login_type       text NOT NULL,
    aff_code         text NOT NULL,
    account_group    text NOT NULL,
    suspended        boolean NOT NULL,
    erased           boolean NOT NULL,
    -- Sealed; nobody can read it without the person's key.
    personal         jsonb NOT NULL,
    created_at       timestamptz NOT NULL,
    -- Of the account's own stream.
    revision         bigint NOT NULL
  )`;
