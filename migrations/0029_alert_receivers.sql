-- Where operators are told of alerts (setting `alerts`): an address of mail, or of a webhook with its secret, sealed. What the receiver is told
-- of is in the setting.

CREATE TABLE alert_receivers (
  name   text COLLATE "C" PRIMARY KEY,
  sealed jsonb NOT NULL
);
