import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Pool } from 'pg';

const HOUR_MS = 3_600_000;
/** So long after the last event no other follows by itself. */
const QUIET_MS = 40;

/** What asks for the time in this database finds this clock before the server's own. */
const OWN_CLOCK = `
  CREATE SCHEMA screens;
  CREATE TABLE screens.set_back (hours double precision NOT NULL);
  INSERT INTO screens.set_back VALUES (0);
  CREATE FUNCTION screens.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
    'SELECT pg_catalog.clock_timestamp() - make_interval(secs => 3600 * hours) FROM screens.set_back';
  CREATE FUNCTION screens.now() RETURNS timestamptz LANGUAGE sql STABLE AS
    'SELECT pg_catalog.now() - make_interval(secs => 3600 * hours) FROM screens.set_back';
  DO $$
  DECLARE
    appends regprocedure;
    dated record;
  BEGIN
    -- A default was understood when its table was made, before there was another clock.
    FOR dated IN SELECT adrelid::regclass AS kept, attname FROM pg_attrdef
        JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
        WHERE pg_get_expr(adbin, adrelid) = 'now()' LOOP
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT screens.now()', dated.kept, dated.attname);
    END LOOP;
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

  /** Before there is a service. */
  async begin(hours: number): Promise<void> {
    await this.pool.query('UPDATE screens.set_back SET hours = $1', [hours]);
    await writeFile(this.file, JSON.stringify({ offsetMs: -hours * HOUR_MS }));
  }

  /** Sets both clocks while nothing is being written: an event that one dates before and the other after is one that `verify` finds. */
  async setBack(hours: number): Promise<void> {
    await this.quiet();
    await rm(`${this.file}.seen`, { force: true });
    await this.begin(hours);
    const seen = () => readFile(`${this.file}.seen`, 'utf8').catch(() => undefined);
    while ((await seen()) !== String(-hours * HOUR_MS)) await wait(10);
  }

  private async quiet(): Promise<void> {
    const head = async () => {
      const { rows } = await this.pool.query<{ head: string }>(
        'SELECT max(position)::text AS head FROM events',
      );
      return rows[0]?.head;
    };
    for (let last = await head(), now; ; last = now) {
      await wait(QUIET_MS);
      now = await head();
      if (now === last) return;
    }
  }
}
