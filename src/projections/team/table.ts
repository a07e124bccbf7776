export const ddl = (schema: string): string => `
  CREATE TABLE ${schema}.teams (
    -- The account whose money it spends.
    team_id    uuid PRIMARY KEY,
    user_id    bigint NOT NULL,
    team_name  text NOT NULL,
    created_at timestamptz NOT NULL,
    -- Of the team's own stream: the guard of every copy of its keys.
    revision   bigint NOT NULL,
    position   bigint NOT NULL
  );
  CREATE INDEX ON ${schema}.teams (position);

  CREATE TABLE ${schema}.team_members (
    team_id    uuid NOT NULL,
    member_id  uuid NOT NULL,
    user_id    bigint NOT NULL,
    added_at   timestamptz NOT NULL,
    -- Null while they are a member.
    removed_at timestamptz,
    position   bigint NOT NULL,
    PRIMARY KEY (team_id, member_id)
  );
  CREATE INDEX ON ${schema}.team_members (member_id);

  CREATE TABLE ${schema}.team_keys (
    token_id  bigint PRIMARY KEY,
    team_id   uuid NOT NULL,
    member_id uuid NOT NULL,
    position  bigint NOT NULL
  );
  CREATE INDEX ON ${schema}.team_keys (team_id, member_id);

  CREATE TABLE ${schema}.budgets (
    budget_id uuid PRIMARY KEY,
    team_id   uuid NOT NULL,
    -- One of both.
    member_id uuid,
    token_id  bigint,
    -- Null: not limited any more.
    quota     bigint,
    period    text NOT NULL,
    timezone  text NOT NULL,
    set_by    text NOT NULL,
    set_at    timestamptz NOT NULL,
    position  bigint NOT NULL
  );
  CREATE INDEX ON ${schema}.budgets (team_id);

  -- A new period is a new row: nothing is ever reset.
  CREATE TABLE ${schema}.budget_usage (
    budget_id  uuid NOT NULL,
    period     text COLLATE "C" NOT NULL,
    used_quota bigint NOT NULL,
    -- Of the last charge in it.
    position   bigint NOT NULL,
    PRIMARY KEY (budget_id, period)
  ) WITH (fillfactor = 70)`;
