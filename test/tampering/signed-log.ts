import type pg from 'pg';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createTransparencyKeys } from '../../src/stores/transparency-keys.js';
import { createKeyring } from '../../src/support/keyring.js';
import { compareLog, LogComparer } from '../../src/transparency/compare-log.js';
import { readKeptTree } from '../../src/transparency/kept-tree.js';
import { createLeafMaker } from '../../src/transparency/leaf-entry.js';
import { lookAt, type MonitorState } from '../../src/transparency/monitor.js';
import { createServedFiles } from '../../src/transparency/served-files.js';
import { allHeads, LogDisagrees } from '../../src/transparency/signed-heads.js';
import { ensureSigners, signersOf, verifiersOf } from '../../src/transparency/signing-keys.js';
import { TransparencyLog } from '../../src/transparency/transparency-log.js';
import { tileReader } from '../../src/transparency/tree-tables.js';

/** The tree of the log and its checkpoints, and what somebody outside remembers of them. */
export async function createSigned(pool: pg.Pool) {
  const keyring = createKeyring(Buffer.alloc(32, 1));
  const keys = createTransparencyKeys(pool, keyring);
  await ensureSigners(keys, 'ledger.example/transparency', new Date());
  const parts = {
    pool,
    leaves: createLeafMaker(keyring.transparencyKey),
    isOfLogAlone: () => false,
    verifiers: () => verifiersOf(keys),
    readTile: tileReader(pool),
  };
  const files = createServedFiles(pool);
  const tables = ['tree', 'tiles', 'bundles', 'checkpoints'].map((name) => `transparency_${name}`);
  const restored = [...tables, 'transparency_keys'];
  const logKeys = await parts.verifiers();
  const signers = () => signersOf(keys);
  let state: MonitorState | undefined;
  const looking = {
    log: { checkpoint: async () => (await files.checkpoint()) ?? '', readTile: parts.readTile },
    ...{ logKeys, witnessKeys: [], quorum: 0, freshMs: 86_400_000 },
  };
  const see = async (hoursLater: number) =>
    lookAt({ ...looking, state, now: new Date(Date.now() + hoursLater * 3_600_000) });
  return {
    sign: async (store: EventStore): Promise<void> => {
      await new TransparencyLog({ ...parts, store, signers, now: () => new Date() }).advance();
    },
    remember: async (): Promise<void> => {
      ({ state } = await see(0));
      for (const table of restored) await pool.query(`CREATE TABLE true_${table} AS TABLE ${table}`);
    },
    /** As whoever changed the log does: without a checkpoint nothing is held against it. */
    forget: async (): Promise<void> => {
      for (const table of tables.slice(1)) await pool.query(`DELETE FROM ${table}`);
      await pool.query('UPDATE transparency_tree SET size = 0, position = -1, event_id = NULL');
    },
    bringBack: async (): Promise<void> => {
      for (const table of restored)
        await pool.query(`DELETE FROM ${table}; INSERT INTO ${table} TABLE true_${table}`);
    },
    /** A text: why it cannot be known what was signed. */
    comparer: async (store: EventStore): Promise<LogComparer | string> => {
      const kept = await readKeptTree(pool, store);
      const heads = await allHeads(parts).catch(messageOf);
      return typeof heads === 'string' ? heads : new LogComparer({ ...parts, heads, kept });
    },
    /** What a service does that starts. */
    signing: async (store: EventStore) => {
      let done: 'goes on' | 'is made anew' = 'goes on';
      const onRemade = () => void (done = 'is made anew');
      const log = new TransparencyLog({ ...parts, store, signers, onRemade, now: () => new Date() });
      return log.advance().then(() => done, stopped);
    },
    monitored: async (hoursLater: number) => (await see(hoursLater)).verdict,
    /** By somebody who has seen nothing of it before. */
    seenFirst: async () =>
      lookAt({ ...looking, state: undefined, now: new Date() }).then(
        ({ verdict }) => verdict,
        () => 'unreachable' as const,
      ),
    beside: async (store: EventStore) => {
      const remembered = () => Promise.resolve(state?.checkpoint);
      const anchors = ['history', 'vault'].map((name) => ({ name, remembered }));
      const heads = await allHeads({ ...parts, anchors });
      return compareLog({ ...parts, store, heads });
    },
  };
}

function stopped(error: unknown): 'stops' {
  if (error instanceof LogDisagrees) return 'stops';
  throw error;
}

function messageOf(error: unknown): string {
  if (error instanceof LogDisagrees) return error.message;
  throw error;
}
