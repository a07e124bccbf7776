-- Long work that operators start and look at later: verifying, rebuilding, exporting, reconciling.
CREATE TABLE jobs (
  -- In the order in which they were started.
  id               uuid PRIMARY KEY,
  type             text COLLATE "C" NOT NULL,
  input            jsonb NOT NULL,
  -- `operator:alice`
  started_by       text COLLATE "C" NOT NULL,
  state            text COLLATE "C" NOT NULL DEFAULT 'running'
                   CHECK (state IN ('running', 'finished', 'failed', 'cancelled', 'interrupted')),
  cancel_requested boolean NOT NULL DEFAULT false,
  -- How far it is, in whatever it counts.
  done             bigint NOT NULL DEFAULT 0,
  total            bigint,
  -- What it came to, in short; and of one that failed why, for people.
  outcome          jsonb,
  fault            text,
  created_at       timestamptz NOT NULL DEFAULT now(),
  ended_at         timestamptz,
  -- The process that does it says so again and again; one that says nothing any more has died.
  alive_until      timestamptz NOT NULL,
  CHECK ((state = 'running') = (ended_at IS NULL))
);
CREATE INDEX jobs_running ON jobs (alive_until) WHERE state = 'running';

-- What a job made, or is given to read: in parts, so that no file is in memory as a whole.
CREATE TABLE job_files (
  id         uuid PRIMARY KEY,
  -- Of what it made: the job. Null: somebody put it here for a job to read.
  job_id     uuid REFERENCES jobs (id) ON DELETE CASCADE,
  name       text NOT NULL,
  media_type text NOT NULL,
  bytes      bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX job_files_of_job ON job_files (job_id);

CREATE TABLE job_file_parts (
  file_id uuid NOT NULL REFERENCES job_files (id) ON DELETE CASCADE,
  part    integer NOT NULL,
  data    bytea NOT NULL,
  PRIMARY KEY (file_id, part)
);
