import { createHash, timingSafeEqual } from 'node:crypto';
import type pg from 'pg';
import type { OperatorCommands } from '../commands/operator/commands.js';
import type { EventStore } from '../eventstore/event-store.js';
import type { Setup } from '../http/operators/setup.js';
import { withTransaction } from '../postgres/pool.js';
import { listOperators } from '../projections/operator/query.js';
import type { ReadModels } from '../projections/read-models.js';
import type { Keyring } from '../support/keyring.js';
import type { Ledger } from './ledger.js';

/** Any number will do, as long as every process takes the same one. */
const SETUP_LOCK = 7_246_403;
/** A first operator that another process made a moment ago is seen by then. */
const SEEN_WITHIN_MS = 10_000;

interface SetupParts {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly keyring: Pick<Keyring, 'hashSecret'>;
  readonly ledgerId: string;
  readonly readModels: Pick<ReadModels, 'waitFor'>;
  readonly operators: Pick<OperatorCommands, 'create'>;
}

/** The same in every process, and kept nowhere: whoever has the master key can make it again, and nobody else. */
const tokenOf = ({ keyring, ledgerId }: Pick<SetupParts, 'keyring' | 'ledgerId'>): string =>
  keyring.hashSecret('setup-link', ledgerId);

const digest = (text: string) => createHash('sha256').update(text).digest();

/** The first operator, by the link that a start prints. It opens nothing once there is an operator. */
export function createSetup(parts: SetupParts): Setup {
  const { pool, store, readModels, operators } = parts;
  const token = digest(tokenOf(parts));
  const isOpen = async () => (await listOperators(pool)).length === 0;
  return {
    isOpen,
    begin: async (given, { name, password }, meta) => {
      if (!timingSafeEqual(digest(given), token)) return { kind: 'refused' };
      return withTransaction(pool, async (tx) => {
        const { rows } = await tx.query<{ alone: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS alone', [
          SETUP_LOCK,
        ]);
        if (!rows[0]?.alone || !(await readModels.waitFor(await store.head(), SEEN_WITHIN_MS)))
          return { kind: 'busy' };
        if (!(await isOpen())) return { kind: 'refused' };
        const result = await operators.create({ name, password, role: 'admin' }, { ...meta, actor: 'setup' });
        if (!result.ok) return { kind: 'unfit', refusal: result.refusal };
        // Before anybody else may look whether there is one.
        await readModels.waitFor(result.position, SEEN_WITHIN_MS);
        return { kind: 'made' };
      });
    },
  };
}

/** Where nobody can log in yet, says at which address somebody can begin. */
export async function sayHowToBegin(ledger: Ledger, url: string): Promise<void> {
  const { config, database, log } = ledger;
  if ((await listOperators(database.pool)).length > 0) return;
  const setup = `${config.publicUrl ?? url}/admin/setup#${tokenOf(ledger)}`;
  log.info({ setup }, 'there is no operator yet: this address makes the first one');
}
