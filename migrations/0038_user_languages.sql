-- In which language the people of accounts are written to. Whoever has no row is written to in the language of who asks.
CREATE TABLE user_languages (
  account_id uuid PRIMARY KEY,
  language   text COLLATE "C" NOT NULL CHECK (language IN ('zh', 'en'))
);
-- Those who chose one for their alerts have chosen.
INSERT INTO user_languages (account_id, language) SELECT account_id, language FROM user_alerts WHERE language IN ('zh', 'en');
