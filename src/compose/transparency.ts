import { trustedReads } from '../commands/ledger/tables-guard.js';
import { logStream } from '../domain/streams.js';
import type { PublicLog } from '../http/edge/transparency.js';
import type { OfferedProofs } from '../http/people/own.js';
import { Alerts } from '../reactions/alerts/alerts.js';
import { PostgresOutbox } from '../reactions/outbox/postgres-outbox.js';
import { createTransparencyKeys } from '../stores/transparency-keys.js';
import { repeat } from '../support/repeat.js';
import { newestCheckpoint, thinCheckpoints } from '../transparency/checkpoint-tables.js';
import { LogComparer } from '../transparency/compare-log.js';
import { createLeafMaker } from '../transparency/leaf-entry.js';
import { createAccountSalts } from '../transparency/liability/account-salts.js';
import { createServedFiles } from '../transparency/served-files.js';
import { ensureSigners, type KeyStore, signersOf, verifiersOf } from '../transparency/signing-keys.js';
import { verifierText } from '../transparency/note-keys.js';
import { readKeptTree } from '../transparency/kept-tree.js';
import { tileReader } from '../transparency/tree-tables.js';
import { readTilePath } from '../transparency/tile-path.js';
import { allHeads, LogDisagrees } from '../transparency/signed-heads.js';
import { TransparencyLog } from '../transparency/transparency-log.js';
import { createAnchors, openAnchors, readAnchorsFile } from './anchors.js';
import type { AnchorsFile } from './anchors-file.js';
import type { Foundation, Ledger } from './ledger.js';
import type { Process } from './process.js';
import { ALERT_RECEIVERS } from './reactions.js';

/** Soon enough that a receipt is there before anybody asks for it twice. */
const SIGN_EVERY_MS = 10_000;
const THIN_EVERY_MS = 3_600_000;
const STOP_WITHIN_MS = 30_000;
const DISAGREES = 'transparency-log';

/** What a stream that is of one log alone has no entries for: another log of this ledger must come to the same tree. */
export const isOfLogAlone = (stream: string): boolean => stream === logStream;

/** The parts of a ledger's transparency log that need neither a service nor a clock. */
export function transparencyParts(parts: Pick<Foundation, 'database' | 'keyring' | 'store'>) {
  const signed = signedParts(parts);
  const signers = () => signersOf(signed.keys);
  return { ...signed, store: parts.store, isOfLogAlone, signers, now: () => new Date() };
}

function signedParts({ database: { pool }, keyring }: Pick<Foundation, 'database' | 'keyring'>) {
  const keys: KeyStore = createTransparencyKeys(pool, keyring);
  return {
    pool,
    keys,
    leaves: createLeafMaker(keyring.transparencyKey),
    /** All that ever signed. */
    verifiers: () => verifiersOf(keys),
    salts: createAccountSalts(keyring.transparencyKey),
  };
}

/** Under which name a ledger's log is known to others, where nobody said another one. */
function originOf({ config, ledgerId }: Pick<Foundation, 'config' | 'ledgerId'>): string {
  if (config.transparency.origin !== undefined) return config.transparency.origin;
  return config.publicUrl === undefined
    ? `${ledgerId}.counterfoil.invalid/transparency`
    : `${new URL(config.publicUrl).host}/transparency`;
}

/**
 * What was signed of the log, to be held against it: in the database, and at the anchors that remember. A text: why that cannot be known.
 * @throws SettingsFileFault
 */
export async function openSignedHistory(
  parts: Pick<Foundation, 'config' | 'database' | 'keyring'> & Partial<Pick<Foundation, 'store'>>,
): Promise<LogComparer | string | undefined> {
  if (parts.config.transparency.mode === 'off') return undefined;
  const { leaves, pool, verifiers } = signedParts(parts);
  const anchors = createAnchors(parts, await readAnchorsFile(parts), verifiers);
  try {
    const heads = await allHeads({ pool, verifiers, anchors });
    const kept = parts.store && (await readKeptTree(pool, parts.store));
    return new LogComparer({ leaves, isOfLogAlone, heads, readTile: tileReader(pool), kept });
  } catch (error) {
    if (error instanceof LogDisagrees) return error.message;
    throw error;
  }
}

/** Keeps the tree of the log, signs it and gives that to anchors, wherever there is a projector. */
export async function openTransparency(parts: Process, anchorsFile: AnchorsFile): Promise<void> {
  const { config, database, log, metrics, shutdown } = parts;
  if (config.transparency.mode === 'off') return;
  const { keys, ...options } = transparencyParts(parts);
  await nameLog(parts, keys);
  const anchors = createAnchors(parts, anchorsFile, options.verifiers);
  const tree = new TransparencyLog({
    ...options,
    anchors,
    hasWitnesses: anchors.some(({ isWitness }) => isWitness),
    onRemade: () =>
      log.warn({ part: 'transparency' }, 'the tree of the log was not in order, and is made anew'),
  });
  const alerts = new Alerts(database.pool, new PostgresOutbox(database.pool), ALERT_RECEIVERS);
  const stopAnchors = await openAnchors(parts, anchorsFile, anchors, alerts);
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
  const stopThinning = repeat(0, async () => {
    await thinCheckpoints(database.pool, new Date()).catch(report);
    return THIN_EVERY_MS;
  });
  shutdown.add(
    'transparency log',
    async () => {
      ending.abort();
      await Promise.all([stop(), stopThinning()]);
      await look().catch(report);
      await stopAnchors();
    },
    STOP_WITHIN_MS,
  );
  metrics.gauge('transparency_entries', 'Entries of the checkpoint that was signed last.', async () =>
    Number((await newestCheckpoint(database.pool))?.size ?? 0),
  );
}

/** Makes the first key, of a log that was never signed: where one was, a key that is not there was lost. */
async function nameLog(parts: Process, keys: KeyStore): Promise<void> {
  const { config, database, log } = parts;
  const isSigned = (await newestCheckpoint(database.pool)) !== undefined;
  const [first] = isSigned ? await signersOf(keys) : await ensureSigners(keys, originOf(parts), new Date());
  const wanted = config.transparency.origin;
  if (wanted !== undefined && first && first.key.name !== wanted)
    log.warn({ origin: first.key.name }, 'the transparency log keeps the origin that it was begun with');
}

const alertOf = ({ message }: LogDisagrees) => ({
  key: DISAGREES,
  kind: 'transparency-log',
  severity: 'critical' as const,
  summary: `Nothing more is signed: ${message}. See docs/proof.md.`,
  details: { reason: message },
});

/** What people can have proved of their books. */
export async function offeredProofs(
  parts: Pick<Foundation, 'config' | 'database' | 'keyring'>,
): Promise<OfferedProofs> {
  const { mode, closesDays } = parts.config.transparency;
  if (mode === 'off') return { receipts: false, balances: false, keys: [] };
  const signers = await signersOf(signedParts(parts).keys);
  return { receipts: true, balances: closesDays, keys: signers.map(({ key }) => verifierText(key)) };
}

/** What anybody may read of it; undefined where nobody may. */
export function publicLogOf({
  config,
  database,
  tables,
}: Pick<Ledger, 'config' | 'database' | 'tables'>): PublicLog | undefined {
  if (config.transparency.mode !== 'public') return undefined;
  const files = createServedFiles(database.pool);
  return trustedReads(
    {
      checkpoint: () => files.checkpoint(),
      file: async (path: string) => {
        const name = readTilePath(path);
        return name && files.tile(name);
      },
    },
    tables,
  );
}
