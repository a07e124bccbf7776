import { logStream } from '../domain/streams.js';
import type { PublicLog } from '../http/edge/transparency.js';
import { Alerts } from '../reactions/alerts/alerts.js';
import { PostgresOutbox } from '../reactions/outbox/postgres-outbox.js';
import { createTransparencyKeys } from '../stores/transparency-keys.js';
import { repeat } from '../support/repeat.js';
import { newestCheckpoint } from '../transparency/checkpoint-tables.js';
import { createLeafMaker } from '../transparency/leaf-entry.js';
import { createAccountSalts } from '../transparency/liability/account-salts.js';
import { createServedFiles } from '../transparency/served-files.js';
import { ensureSigners, type KeyStore, signersOf } from '../transparency/signing-keys.js';
import { readTilePath } from '../transparency/tile-path.js';
import { LogDisagrees, TransparencyLog } from '../transparency/transparency-log.js';
import type { Foundation } from './ledger.js';
import type { Process } from './process.js';
import { ALERT_RECEIVERS } from './reactions.js';

/** Soon enough that a receipt is there before anybody asks for it twice. */
const SIGN_EVERY_MS = 10_000;
const STOP_WITHIN_MS = 20_000;
const DISAGREES = 'transparency-log';

/** What a stream that is of one log alone has no entries for: another log of this ledger must come to the same tree. */
export const isOfLogAlone = (stream: string): boolean => stream === logStream;

/** The parts of a ledger's transparency log that need neither a service nor a clock. */
export function transparencyParts({
  database,
  keyring,
  store,
}: Pick<Foundation, 'database' | 'keyring' | 'store'>) {
  const { pool } = database;
  const keys: KeyStore = createTransparencyKeys(pool, keyring);
  return {
    pool,
    store,
    keys,
    leaves: createLeafMaker(keyring.transparencyKey),
    salts: createAccountSalts(keyring.transparencyKey),
    isOfLogAlone,
    signers: () => signersOf(keys),
    now: () => new Date(),
  };
}

/** Under which name a ledger's log is known to others, where nobody said another one. */
function originOf({ config, ledgerId }: Pick<Foundation, 'config' | 'ledgerId'>): string {
  if (config.transparency.origin !== undefined) return config.transparency.origin;
  return config.publicUrl === undefined
    ? `${ledgerId}.counterfoil.invalid/transparency`
    : `${new URL(config.publicUrl).host}/transparency`;
}

/** Keeps the tree of the log, and signs it, wherever there is a projector. */
export async function openTransparency(parts: Process): Promise<void> {
  const { config, database, log, metrics, shutdown } = parts;
  if (config.transparency.mode === 'off') return;
  const { keys, ...options } = transparencyParts(parts);
  const [first] = await ensureSigners(keys, originOf(parts), options.now());
  const wanted = config.transparency.origin;
  if (wanted !== undefined && first?.key.name !== wanted)
    log.warn({ origin: first?.key.name }, 'the transparency log keeps the origin that it was begun with');
  const tree = new TransparencyLog({
    ...options,
    onRemade: () =>
      log.warn({ part: 'transparency' }, 'the tree of the log was not in order, and is made anew'),
  });
  const alerts = new Alerts(database.pool, new PostgresOutbox(database.pool), ALERT_RECEIVERS);
  const ending = new AbortController();
  const look = async (signal?: AbortSignal): Promise<void> => {
    try {
      await tree.advance(signal);
      await alerts.resolve(DISAGREES);
    } catch (error) {
      log.error({ part: 'transparency', err: error }, 'the log could not be signed; it is tried again');
      if (error instanceof LogDisagrees) await alerts.raise(alertOf(error));
    }
  };
  const report = (error: unknown) =>
    log.error({ part: 'transparency', err: error }, 'that could not be told');
  const stop = repeat(0, async () => {
    await look(ending.signal).catch(report);
    return SIGN_EVERY_MS;
  });
  shutdown.add(
    'transparency log',
    async () => {
      ending.abort();
      await stop();
      await look().catch(report);
    },
    STOP_WITHIN_MS,
  );
  metrics.gauge('transparency_entries', 'Entries of the checkpoint that was signed last.', async () =>
    Number((await newestCheckpoint(database.pool))?.size ?? 0),
  );
}

const alertOf = ({ message }: LogDisagrees) => ({
  key: DISAGREES,
  kind: 'transparency-log',
  severity: 'critical' as const,
  summary: `Nothing more is signed: ${message}. See docs/proof.md.`,
  details: { reason: message },
});

/** What anybody may read of it; undefined where nobody may. */
export function publicLogOf({
  config,
  database,
}: Pick<Foundation, 'config' | 'database'>): PublicLog | undefined {
  if (config.transparency.mode !== 'public') return undefined;
  const files = createServedFiles(database.pool);
  return {
    checkpoint: () => files.checkpoint(),
    file: async (path) => {
      const name = readTilePath(path);
      return name && files.tile(name);
    },
  };
}
