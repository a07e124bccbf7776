import type pg from 'pg';
import { MIGRATION_LOCK } from './migrate.js';
import { withTransaction } from './pool.js';

/** Tables that only migrations change. */
const OF_THE_OWNER = ['schema_migrations'];

/**
 * Gives a role what the service needs, and no more: it reads the log and adds to it, and can neither change nor remove what is there. Read models
 * are its own, those that were made before included. Run by the role that owns the tables, after each migration, as often as one likes.
 *
 * @throws when the owner may not: it must be a member of the role, or a superuser
 */
export async function grantService(owner: pg.Pool, role: string): Promise<void> {
  await withTransaction(owner, async (tx) => {
    // Two that grant at once would stumble over each other's.
    await tx.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const names = await tx.query<{ schema: string; database: string; role: string }>(
      'SELECT quote_ident(current_schema()) AS schema, quote_ident(current_database()) AS database, quote_ident($1) AS role',
      [role],
    );
    const [{ schema, database, role: service } = { schema: '', database: '', role: '' }] = names.rows;
    const statements = [
      `GRANT USAGE ON SCHEMA ${schema} TO ${service}`,
      // Read models live in schemas of their own, which their projector makes.
      `GRANT CREATE ON DATABASE ${database} TO ${service}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${service}`,
      `GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${service}`,
      `REVOKE ALL ON ${['events', 'log_head', ...OF_THE_OWNER].map((table) => `${schema}.${table}`).join(', ')} FROM ${service}`,
      `GRANT SELECT, INSERT ON ${schema}.events TO ${service}`,
      `GRANT SELECT, UPDATE ON ${schema}.log_head TO ${service}`,
      `GRANT SELECT ON ${OF_THE_OWNER.map((table) => `${schema}.${table}`).join(', ')} TO ${service}`,
      `GRANT EXECUTE ON FUNCTION ${schema}.append_events, ${schema}.append_at_ends TO ${service}`,
      ...(await readModelsOfOthers(tx, role)).map((own) => `ALTER ${own} OWNER TO ${service}`),
    ];
    for (const statement of statements) await tx.query(statement);
  });
}

/** Schemas of read models, and what is in them, that another role made: `SCHEMA p_balance`, `TABLE p_balance.balances`. */
async function readModelsOfOthers(tx: pg.ClientBase, role: string): Promise<readonly string[]> {
  const { rows } = await tx.query<{ own: string }>(
    `SELECT format('SCHEMA %I', nspname) AS own FROM pg_namespace
     WHERE nspname LIKE 'p\\_%' AND pg_get_userbyid(nspowner) <> $1
     UNION ALL
     SELECT format('TABLE %I.%I', nspname, relname) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname LIKE 'p\\_%' AND relkind IN ('r', 'p') AND pg_get_userbyid(relowner) <> $1`,
    [role],
  );
  return rows.map(({ own }) => own);
}

/** Whether the role of a connection could change or remove what is in the log. */
export async function mayChangeLog(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ may: boolean }>(
    `SELECT bool_or(has_table_privilege('events', privilege)) AS may FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS p (privilege)`,
  );
  return rows[0]?.may ?? true;
}
