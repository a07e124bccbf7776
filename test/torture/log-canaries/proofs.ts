import { randomUUID } from 'node:crypto';
import { succeed } from '../../acceptance/support/clients.js';
import { SERVICE_KEY } from '../../acceptance/support/deployment.js';
import { eventually } from '../../support/eventually.js';
import { storedIn } from '../check/proof-tree.js';
import { proofFaults } from '../check/proofs.js';
import type { LogCheck } from './checks.js';
import type * as closingModule from '../../../src/books/liability/close-liability.js';
import type * as liabilityModule from '../../../src/compose/liability.js';

const QUOTA_OF_A_DOLLAR = 500_000n;

/** Three users top up, one of them twice; what they have is closed, signed, and proved to a stranger. */
export const proofsHold: LogCheck = async (ground) => {
  const { closeNow } = await ground.load<typeof closingModule>('books/liability/close-liability.ts');
  const { closingParts } = await ground.load<typeof liabilityModule>('compose/liability.ts');
  const ledger = await ground.newLedger();
  const database = new URL(ledger.DATABASE_URL ?? '').pathname.slice(1);
  const { url, ledger: lived } = await ground.start(ledger);
  const balances = new Map<string, { readonly account: string; readonly quota: bigint }>();
  const figures: { readonly user: string; readonly figure: string }[] = [];
  for (const dollars of [1, 2, 1]) {
    const user = randomUUID();
    await succeed(url, 'POST', '/sync', { external_user_id: user, username: user });
    for (let dollar = 0; dollar < dollars; dollar += 1) {
      const figure = `pi-${randomUUID()}`;
      await succeed(url, 'POST', '/topup', { external_user_id: user, amount_usd: 1, payment_id: figure });
      figures.push({ user, figure });
    }
    const [row] = await ground.postgres.query(
      database,
      'SELECT account_id::text AS account FROM p_accounts.accounts WHERE external_user_id = $1',
      [user],
    );
    balances.set(user, { account: row?.account as string, quota: BigInt(dollars) * QUOTA_OF_A_DOLLAR });
  }
  const head = await lived.store.head();
  const asOf = await eventually(
    async () => {
      const answer = await closeNow(closingParts(lived), head);
      if (answer.closed !== 'closed') throw new Error(answer.closed);
      return answer.asOf;
    },
    { intervalMs: 500 },
  );
  const [key] = await ground.postgres.query(database, 'SELECT vkey FROM transparency_keys');
  const faults = await proofFaults({
    url,
    serviceKey: SERVICE_KEY,
    masterKey: Buffer.from(ledger.MASTER_KEY ?? '', 'base64'),
    vkey: key?.vkey as string,
    asOf,
    readStored: () => storedIn(ground.postgres, database),
    figures,
    balances,
  });
  return faults[0];
};
