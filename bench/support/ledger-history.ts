import { createHash } from 'node:crypto';
import { makeHistory } from '../../src/cli/generate/history.js';
import { writeHistory } from '../../src/cli/generate/write-history.js';
import type { DomainEvent } from '../../src/domain/events/catalogue.js';
import { ACCESS_KEY_BYTES, formatAccessKey, maskAccessKey } from '../../src/domain/token/access-key.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { createKeyring } from '../../src/support/keyring.js';
import { anEvent } from '../../test/support/events.js';

/** Ids above those of any history. */
const FIRST_ID = 1_000_000_000;
const QUOTA = 500_000_000_000n;

export interface LedgerHistory {
  readonly connectionString: string;
  readonly masterKey: Buffer;
  /** Accounts with a million dollars and a key each. */
  readonly callers: number;
  /** Of others, before. */
  readonly events: number;
  readonly accounts: number;
}

/** Fills an empty log; another one has been filled before. Answers the callers' access keys. */
export async function fillLedger(history: LedgerHistory): Promise<readonly string[]> {
  const keyring = createKeyring(history.masterKey);
  const keys = Array.from({ length: history.callers }, (_, at) => accessKeyOf(at));
  const store = createPostgresEventStore({ connectionString: history.connectionString });
  try {
    if ((await store.head()) >= 0n) return keys;
    await writeHistory(
      store,
      allEvents(history, keys, (key) => keyring.hashAccessKey(key)),
      () => undefined,
    );
    return keys;
  } finally {
    await store.close();
  }
}

function* allEvents(
  { events, accounts }: LedgerHistory,
  keys: readonly string[],
  hashAccessKey: (key: string) => string,
): Generator<DomainEvent> {
  const from = new Date('2026-08-01T00:00:00Z');
  if (events > 0) yield* makeHistory({ seed: 'bench', accounts, events, from });
  for (const [at, key] of keys.entries()) {
    const user_id = FIRST_ID + at;
    const account_id = `00000000-0000-5000-8000-${at.toString(16).padStart(12, '0')}`;
    const owner = { account_id, user_id };
    const name = `caller-${at}`;
    yield anEvent('account-registered', { ...owner, external_user_id: name, username: name });
    yield anEvent('payment-credited', { ...owner, payment_id: name, amount_usd: '1000000', quota: QUOTA });
    const limits = { expires_at: null, quota_limit: null, models: [], allow_ips: [], group: null };
    const stored = { key_hash: hashAccessKey(key), key_mask: maskAccessKey(key), limits };
    yield anEvent('token-issued', { ...owner, token_id: user_id, token_name: name, ...stored });
  }
}

/** Not random: these keys open nothing but a bench. */
function accessKeyOf(at: number): string {
  const bytes = createHash('sha256').update(`bench ${at}`).digest().subarray(0, ACCESS_KEY_BYTES);
  return formatAccessKey(bytes);
}
