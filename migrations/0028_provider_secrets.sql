-- Secrets of the services at which people sign in (setting `identity_providers`), sealed. Each opens for the address and the client that it was
-- given for alone, so that nobody has it sent elsewhere by another setting.

CREATE TABLE provider_secrets (
  id         uuid PRIMARY KEY,
  sealed     jsonb NOT NULL,
  created_at timestamptz NOT NULL
);
