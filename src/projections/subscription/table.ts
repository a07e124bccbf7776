export const ddl = (schema: string): string => `
  -- Each version of a plan, as it was published.
  CREATE TABLE ${schema}.plans (
    plan_id      text COLLATE "C" NOT NULL,
    version      integer NOT NULL,
    name         text NOT NULL,
    description  text NOT NULL,
    quota        bigint NOT NULL,
    months       integer NOT NULL,
    -- JSON: [{"currency": "CNY", "minor": "9900"}].
    prices       text NOT NULL,
    priority     integer NOT NULL,
    is_offered   boolean NOT NULL,
    published_by text NOT NULL,
    published_at timestamptz NOT NULL,
    position     bigint NOT NULL,
    PRIMARY KEY (plan_id, version)
  );

  CREATE TABLE ${schema}.subscriptions (
    subscription_id uuid PRIMARY KEY,
    account_id      uuid NOT NULL,
    plan_id         text COLLATE "C" NOT NULL,
    -- active, cancelled, ended.
    status          text NOT NULL,
    -- over, returned; null while it goes on.
    ended_because   text,
    -- When the periods that follow one another began.
    anchored_at     timestamptz NOT NULL,
    changed_at      timestamptz NOT NULL,
    -- Of its first event.
    position        bigint NOT NULL
  );
  CREATE INDEX ON ${schema}.subscriptions (account_id);
  CREATE INDEX ON ${schema}.subscriptions (position);
  CREATE INDEX ON ${schema}.subscriptions (subscription_id) WHERE status <> 'ended';

  CREATE TABLE ${schema}.subscription_periods (
    subscription_id uuid NOT NULL,
    period          integer NOT NULL,
    account_id      uuid NOT NULL,
    plan_version    integer NOT NULL,
    order_id        text COLLATE "C" NOT NULL,
    quota           bigint NOT NULL,
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL,
    -- Why what paid for it goes back, each in a word; empty: it does not.
    withdrawn_for   text NOT NULL,
    times_restored  integer NOT NULL,
    -- The grant that it gave last; null before it began.
    grant_id        uuid,
    -- Which of its keys that has.
    grant_times     integer,
    -- open, closed, over.
    grant_status    text,
    -- What was taken of it where it was withdrawn.
    grant_taken     bigint NOT NULL,
    position        bigint NOT NULL,
    PRIMARY KEY (subscription_id, period)
  );
  CREATE INDEX ON ${schema}.subscription_periods (grant_id);
  CREATE INDEX ON ${schema}.subscription_periods (order_id);
  CREATE INDEX ON ${schema}.subscription_periods (ends_at)`;
