import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { SERVICE_KEY } from '../acceptance/support/deployment.js';
import type { TestDatabase } from '../support/postgres.js';

/** What the processes of a new ledger are started with. */
export const ledgerEnvironment = (
  { url }: Pick<TestDatabase, 'url'>,
  folder: string,
): Record<string, string> => ({
  PORT: '0',
  DATA_DIR: join(folder, 'data'),
  DATABASE_URL: url,
  MASTER_KEY: randomBytes(32).toString('base64'),
  SERVICE_KEYS: SERVICE_KEY,
});
