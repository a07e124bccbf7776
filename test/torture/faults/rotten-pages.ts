import type { Cluster } from '../cluster/cluster.js';
import { runCli } from '../support/run-cli.js';
import type { FaultWorld } from './inject.js';

/**
 * A bit of the first page of a table turns: the log's own where it is in PostgreSQL, the journal's otherwise. PostgreSQL's checksums are
 * the answer: who reads the page is refused. `verify` reads all of it, and must not say that all is well. Then the page is put back.
 */
export async function rotPages({ cluster, complain }: FaultWorld): Promise<undefined> {
  const { postgres } = cluster.options;
  const table = cluster.eventStore ? 'p_journal.entries' : 'events';
  await postgres.assertChecksums();
  const mend = await postgres.rot(cluster.database, table);
  try {
    const read = await postgres.query(cluster.database, `SELECT count(*) FROM ${table}`).then(
      () => 'it was read',
      (error: Error) => error.message,
    );
    if (!read.includes('invalid page')) complain(`rotten pages of ${table}: ${read}`);
    if (await isSaidToBeWell(cluster)) complain(`rotten pages of ${table}: verify says that all is well`);
  } finally {
    await mend();
  }
  return undefined;
}

async function isSaidToBeWell(cluster: Cluster): Promise<boolean> {
  const said = await runCli(cluster, 'verify').catch(() => '');
  return said.includes('drift 0');
}
