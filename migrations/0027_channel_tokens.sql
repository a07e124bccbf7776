-- Tokens that channels are shown in place of their keys, and what they are renewed with. It exists nowhere else: a refresh token that was
-- used is good no more.

CREATE TABLE channel_tokens (
  -- The channel and its key: `channel/key`.
  id         text COLLATE "C" PRIMARY KEY,
  sealed     jsonb NOT NULL,
  expires_at timestamptz NOT NULL
);
