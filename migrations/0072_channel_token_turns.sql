-- Who asks for a channel's tokens with what is good once, and until when nobody else may: also where its connection, and the lock with it,
-- is lost meanwhile.

CREATE TABLE channel_token_turns (
  -- The channel and its key: `channel/key`.
  id       text COLLATE "C" PRIMARY KEY,
  holder   uuid NOT NULL,
  until_at timestamptz NOT NULL
);
