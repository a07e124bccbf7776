import { writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Pool } from 'pg';

/** The service looks at its file so often, and once more for a file that was half written. */
const SEEN_WITHIN_MS = 130;
const HOUR_MS = 3_600_000;

/** What asks for the time in this database finds this clock before the server's own. */
const OWN_CLOCK = `
  CREATE SCHEMA screens;
  CREATE TABLE screens.set_back (hours double precision NOT NULL);
  INSERT INTO screens.set_back VALUES (0);
  CREATE FUNCTION screens.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
    'SELECT pg_catalog.clock_timestamp() - make_interval(secs => 3600 * hours) FROM screens.set_back';
  DO $$
  DECLARE
    appends regprocedure;
  BEGIN
    FOR appends IN SELECT oid FROM pg_proc WHERE proname IN ('append_events', 'append_at_ends') LOOP
      EXECUTE format('ALTER FUNCTION %s SET search_path = screens, pg_catalog, public, pg_temp', appends);
    END LOOP;
    EXECUTE format('ALTER DATABASE %I SET search_path = public, screens, pg_catalog', current_database());
  END $$`;

/** The clock of a service and of its log, which can be put back, so that there is a past to be shown. */
export class LedgerClock {
  readonly nodeOptions = ['--import', fileURLToPath(new URL('preload.mjs', import.meta.url))];

  private constructor(
    private readonly pool: Pool,
    private readonly file: string,
  ) {}

  /** @param pool of the ledger's owner, with all migrations applied */
  static async in(pool: Pool, file: string): Promise<LedgerClock> {
    await pool.query(OWN_CLOCK);
    return new LedgerClock(pool, file);
  }

  get environment(): Readonly<Record<string, string>> {
    return { SCREENS_CLOCK: this.file };
  }

  async setBack(hours: number): Promise<void> {
    await this.pool.query('UPDATE screens.set_back SET hours = $1', [hours]);
    await writeFile(this.file, JSON.stringify({ offsetMs: -hours * HOUR_MS }));
    await wait(SEEN_WITHIN_MS);
  }
}
