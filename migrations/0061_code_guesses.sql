-- What accounts tried that was no code. Who has tried too many in an hour is told nothing of any code; older rows are worth nothing.
CREATE TABLE code_guesses (
  account_id uuid NOT NULL,
  guessed_at timestamptz NOT NULL
);
CREATE INDEX code_guesses_of_account ON code_guesses (account_id, guessed_at);
CREATE INDEX code_guesses_by_age ON code_guesses (guessed_at);
