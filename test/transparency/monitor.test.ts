import { describe, expect, it } from '@jest/globals';
import { checkpointText } from '../../src/transparency/checkpoint.js';
import { hashLeaf } from '../../src/transparency/hashing.js';
import { lookAt, type MonitorOptions } from '../../src/transparency/monitor.js';
import { privateKeyOf } from '../../src/transparency/note-keys.js';
import type { RemoteLog } from '../../src/transparency/remote-log.js';
import { createSigner, noteText } from '../../src/transparency/signed-note.js';
import { logOf } from './support/trees.js';

const ORIGIN = 'ledger.example/transparency';
const signer = createSigner(ORIGIN, privateKeyOf(Buffer.alloc(32, 1)));
const witnessed = new Date('2026-11-29T12:00:00.000Z');
const witness = createSigner(
  'witness.example',
  privateKeyOf(Buffer.alloc(32, 2)),
  'cosignature',
  () => witnessed,
);
const leaves = (count: number, name = 'entry') =>
  Array.from({ length: count }, (_, index) => hashLeaf(Buffer.from(`${name} ${index}`)));

/** A log of those leaves, signed. */
function log(of: readonly Buffer[], signers = [signer]): RemoteLog {
  const { root, readTile } = logOf(of);
  const text = checkpointText({ origin: ORIGIN, size: of.length, root });
  const note = noteText({ text, signatures: signers.map((each) => each.sign(text)) });
  return { checkpoint: () => Promise.resolve(note), readTile };
}

const look = (of: RemoteLog, other: Partial<MonitorOptions> = {}) =>
  lookAt({
    log: of,
    logKeys: [signer.key],
    witnessKeys: [witness.key],
    quorum: 0,
    freshMs: 60_000,
    state: undefined,
    now: witnessed,
    ...other,
  });

describe('a monitor', () => {
  it('follows a log that only grows', async () => {
    let state: MonitorOptions['state'];
    for (const size of [1, 2, 255, 256, 700, 700]) {
      const sighting = await look(log(leaves(size)), { state });
      expect(sighting).toMatchObject({ verdict: 'ok', size, origin: ORIGIN });
      state = sighting.state;
    }
  });

  it('takes no time of a witness that is far ahead for a sign of life', async () => {
    const ahead = createSigner(
      'witness.example',
      privateKeyOf(Buffer.alloc(32, 2)),
      'cosignature',
      () => new Date('2126-01-01T00:00:00Z'),
    );
    const stalled = log(leaves(3), [signer, ahead]);
    const { state } = await look(stalled);
    const now = new Date(witnessed.getTime() + 120_000);
    expect(await look(stalled, { state, now })).toMatchObject({ verdict: 'stale' });
  });

  it('finds a log whose history is another one, and keeps what proves it', async () => {
    const { state } = await look(log(leaves(300)));
    const other = [...leaves(7), hashLeaf(Buffer.from('forged')), ...leaves(400).slice(8)];
    const sighting = await look(log(other), { state });
    expect(sighting).toMatchObject({ verdict: 'forked', before: 300, size: 400, state });
    expect(sighting.evidence).toContain(ORIGIN);
    expect((await look(log(leaves(300, 'other')), { state })).verdict).toBe('forked');
  });

  it('finds a log that was cut, or put back to an older copy', async () => {
    const { state } = await look(log(leaves(300)));
    expect(await look(log(leaves(299)), { state })).toMatchObject({ verdict: 'shrunk', state });
  });

  it('finds files that are not what was signed, and a log that was signed by somebody else', async () => {
    const signed = log(leaves(300));
    const other = log(leaves(300, 'other'));
    expect((await look({ ...other, checkpoint: () => signed.checkpoint() })).verdict).toBe('broken');
    const stranger = createSigner(ORIGIN, privateKeyOf(Buffer.alloc(32, 9)));
    const { state } = await look(log(leaves(3)));
    expect(await look(log(leaves(3), [stranger]), { state })).toMatchObject({ verdict: 'unsigned', state });
  });

  it('wants witnesses where it was told to', async () => {
    expect((await look(log(leaves(3)), { quorum: 1 })).verdict).toBe('no-quorum');
    const seen = await look(log(leaves(3), [signer, witness]), { quorum: 1 });
    expect(seen).toMatchObject({ verdict: 'ok', witnesses: ['witness.example'] });
  });

  it('says when nothing has been signed for too long', async () => {
    const { state } = await look(log(leaves(3)));
    const later = (minutes: number) => new Date(witnessed.getTime() + minutes * 60_000);
    expect((await look(log(leaves(3)), { state, now: later(1) })).verdict).toBe('ok');
    expect(await look(log(leaves(3)), { state, now: later(2) })).toMatchObject({ verdict: 'stale', state });
    expect((await look(log(leaves(4)), { state, now: later(2) })).verdict).toBe('ok');
  });
});
