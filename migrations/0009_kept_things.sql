-- What calls left at upstreams, and whose it is: responses, their items, conversations, containers. Kept for thirty days.
CREATE TABLE kept_things (
  id         text COLLATE "C" NOT NULL,
  account_id uuid NOT NULL,
  channel_id text COLLATE "C" NOT NULL,
  key_id     text COLLATE "C" NOT NULL,
  -- Prompt and output of the call that left it.
  tokens     bigint NOT NULL,
  kept_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, account_id)
);
CREATE INDEX kept_things_by_age ON kept_things (kept_at);
CREATE INDEX kept_things_of_account ON kept_things (account_id, kept_at);

-- The account that alone has ever left something with a key; null where several have. Never deleted: what upstreams keep may be older.
CREATE TABLE kept_keys (
  channel_id   text COLLATE "C" NOT NULL,
  key_id       text COLLATE "C" NOT NULL,
  sole_account uuid,
  PRIMARY KEY (channel_id, key_id)
);

-- What earlier calls left with the keys that are there already is of accounts that nobody has recorded: where there are several, of any.
DO $$
BEGIN
  IF to_regclass('p_catalogue.channels') IS NOT NULL AND to_regclass('p_accounts.accounts') IS NOT NULL THEN
    INSERT INTO kept_keys (channel_id, key_id, sole_account)
    SELECT channel_id, key->>'id', (SELECT min(account_id::text)::uuid FROM p_accounts.accounts HAVING count(*) = 1)
    FROM p_catalogue.channels
    CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(settings->'keys') WHEN 'array' THEN settings->'keys' ELSE '[]' END) AS keys (key)
    WHERE EXISTS (SELECT FROM p_accounts.accounts)
    ON CONFLICT DO NOTHING;
  END IF;
END $$;
