export const ddl = (schema: string): string => `
  -- By whom each account was invited.
  CREATE TABLE ${schema}.referrals (
    account_id uuid PRIMARY KEY,
    inviter_id uuid NOT NULL,
    bound_by   text NOT NULL,
    position   bigint NOT NULL,
    bound_at   timestamptz NOT NULL
  );
  CREATE UNIQUE INDEX ON ${schema}.referrals (position);
  CREATE INDEX ON ${schema}.referrals (inviter_id, position);

  -- What a credited order of theirs brought to whoever invited them.
  CREATE TABLE ${schema}.referral_rewards (
    order_id   text COLLATE "C" PRIMARY KEY,
    account_id uuid NOT NULL,
    inviter_id uuid NOT NULL,
    credited   bigint NOT NULL,
    quota      bigint NOT NULL,
    -- invitee, month; null: it is what was promised.
    limited_by text,
    due_at     timestamptz NOT NULL,
    position   bigint NOT NULL,
    earned_at  timestamptz NOT NULL,
    -- Of its grants: what was given in all, and withdrawn.
    given      bigint NOT NULL,
    withdrawn  bigint NOT NULL
  );
  CREATE INDEX ON ${schema}.referral_rewards (account_id);
  CREATE INDEX ON ${schema}.referral_rewards (inviter_id, earned_at);
  CREATE INDEX ON ${schema}.referral_rewards (due_at) WHERE given = 0 AND quota > 0;

  CREATE TABLE ${schema}.reward_grants (
    grant_id uuid PRIMARY KEY,
    order_id text COLLATE "C" NOT NULL
  )`;
