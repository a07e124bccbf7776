-- What the people of accounts want to be told of, and what they were told.

CREATE TABLE user_alerts (
  account_id       uuid PRIMARY KEY,
  external_user_id text NOT NULL,
  -- {below_quota, key_use, unusual_day}
  rules            jsonb NOT NULL,
  by_mail          boolean NOT NULL,
  language         text COLLATE "C" NOT NULL,
  -- {url, secret}, sealed under the master key; null: none.
  webhook          jsonb,
  -- Keys of the states that hold, and were told of.
  open             jsonb NOT NULL DEFAULT '[]',
  -- Up to which movement of the balance it was looked.
  looked_at        bigint NOT NULL DEFAULT -1
);

CREATE TABLE user_alert_notices (
  id         uuid PRIMARY KEY,
  account_id uuid NOT NULL,
  -- Figures alone: nothing of a person.
  alert      jsonb NOT NULL,
  told_at    timestamptz NOT NULL
);
CREATE INDEX user_alert_notices_of_account ON user_alert_notices (account_id, told_at DESC);
