import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
// @ts-expect-error: for strangers, who want one file without anything beside it
import { readKey, verifyReceipt } from '../../docs/transparency/verify-receipt.mjs';
import { eventText } from '../../src/eventstore/event-bytes.js';
import { checkpointText, openCheckpoint } from '../../src/transparency/checkpoint.js';
import { entriesOf } from '../../src/transparency/entry-bundle.js';
import { hashLeaf, sha256 } from '../../src/transparency/hashing.js';
import { createLeafMaker, entryBytes } from '../../src/transparency/leaf-entry.js';
import { privateKeyOf, readVerifierKey, verifierText } from '../../src/transparency/note-keys.js';
import { BadReceipt, checkReceipt, receiptText } from '../../src/transparency/receipt.js';
import { createSigner, noteText } from '../../src/transparency/signed-note.js';
import { logOf, proverOf } from './support/trees.js';

const ORIGIN = 'ledger.example/transparency';
const log = createSigner(ORIGIN, privateKeyOf(Buffer.alloc(32, 1)));
const seen = new Date('2026-11-29T12:00:10.000Z');
const witness = createSigner('witness.example', privateKeyOf(Buffer.alloc(32, 2)), 'cosignature', () => seen);
const logKeys = [log.key];

const event = {
  id: '3f0e6a52-0b57-4c0f-8a3e-6a0d0c8f2b71',
  stream: 'payment-9a1f5d4c',
  revision: 0n,
  type: 'payment-credited.v3',
  position: 3n,
  recordedAt: new Date('2026-11-29T12:00:00.123Z'),
  data: {},
  metadata: {},
  dataText: '{"amount_usd":"15","note":"凭证"}',
  metadataText: '{"actor":"service-key:1"}',
};

/** A receipt for the event as entry 3 of 5. */
async function receipt(...signers: readonly (typeof log)[]): Promise<string> {
  const leaves = createLeafMaker(Buffer.alloc(32, 3));
  const { slot, recordedAt, type, commitment } = leaves.leafOf(event);
  const others = ['a', 'b', 'c', 'd'].map((name) => hashLeaf(Buffer.from(name)));
  const all = [
    ...others.slice(0, 3),
    hashLeaf(entryBytes({ slot, recordedAt, type, commitment })),
    ...others.slice(3),
  ];
  const { root, prover } = proverOf(all);
  const text = checkpointText({ origin: ORIGIN, size: 5, root });
  return receiptText({
    event: eventText(event),
    salt: leaves.saltOf(event.id),
    slot,
    recordedAt,
    index: 3,
    proof: await prover(5).inclusion(3),
    checkpoint: noteText({ text, signatures: signers.map((signer) => signer.sign(text)) }),
  });
}

describe('a receipt', () => {
  it('proves its event to whoever knows the key, here and to a stranger', async () => {
    const text = await receipt(log, witness);
    const proved = {
      origin: ORIGIN,
      size: 5,
      index: 3,
      stream: event.stream,
      revision: '0',
      id: event.id,
      type: event.type,
      data: event.dataText,
      metadata: event.metadataText,
      recordedAt: '2026-11-29T12:00:00.123Z',
    };
    const trusted = { logKeys, witnessKeys: [witness.key], quorum: 1 };
    expect(checkReceipt(text, trusted)).toEqual({
      ...proved,
      witnesses: [{ name: 'witness.example', seenAt: seen.toISOString() }],
    });
    const keys = [log, witness].map(({ key }) => readKey(verifierText(key)));
    expect(verifyReceipt(text, keys[0], keys.slice(1))).toMatchObject({
      ...proved,
      witnesses: [{ name: 'witness.example', seenAt: seen }],
    });
  });

  it('that is published holds, under the key and in the log that are published with it', async () => {
    const published = (name: string) =>
      readFile(`${import.meta.dirname}/../../docs/transparency/vectors/${name}`, 'utf8');
    const key = readVerifierKey(await published('key.txt'));
    const proved = checkReceipt(await published('pi_1.tlog-proof'), { logKeys: [key] });
    expect(proved).toMatchObject({ index: 4, size: 7, type: 'payment-credited.v3' });
    const { root, size } = openCheckpoint(await published('log/checkpoint'), [key]);
    const bundle = await readFile(
      `${import.meta.dirname}/../../docs/transparency/vectors/log/tile/entries/000.p/7`,
    );
    const leaves = entriesOf(bundle).map(hashLeaf);
    expect({ size: leaves.length, root: logOf(leaves).root }).toEqual({ size, root });
  });

  it('is checked by a file that a stranger can read: 300 lines at most, and nothing beside Node', async () => {
    const program = await readFile(
      `${import.meta.dirname}/../../docs/transparency/verify-receipt.mjs`,
      'utf8',
    );
    expect(program.split('\n').length).toBeLessThanOrEqual(300);
    const imported = [
      ...program.matchAll(/(?:\bfrom |\bimport |\bimport\(|\brequire\()['"]([^'"]+)['"]/g),
    ].map(([, name]) => name);
    expect(imported.length).toBeGreaterThan(0);
    for (const name of imported) expect(name).toMatch(/^node:/);
  });

  it('is refused by both whichever byte of it was changed', async () => {
    const whole = Buffer.from(await receipt(log));
    const key = readKey(verifierText(log.key));
    const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const passes = (verify: () => unknown): boolean => {
      try {
        verify();
        return true;
      } catch {
        return false;
      }
    };
    const passed: number[] = [];
    for (let at = 0; at < whole.length; at += 1) {
      const other = Buffer.from(whole);
      other[at] = (other[at] as number) ^ (1 << (at % 7));
      if (passes(() => checkReceipt(other.toString(), { logKeys }))) passed.push(at);
      if (passes(() => verifyReceipt(utf8.decode(other), key))) passed.push(at);
    }
    expect(passed).toEqual([]);
    for (const end of [1, 50, whole.length - 1])
      expect(passes(() => checkReceipt(whole.toString('utf8', 0, end), { logKeys }))).toBe(false);
  });

  it('is refused where its salt begins the event, so that what follows would be another one', async () => {
    const inner = eventText({ ...event, stream: 'payment-forged', dataText: '{"amount_usd":"1000"}' });
    const outer = eventText({ ...event, dataText: `{"note":"${inner}"}` });
    const maker = createLeafMaker(Buffer.alloc(32, 3));
    const { slot, recordedAt } = maker.leafOf(event);
    const salt = maker.saltOf(event.id);
    const commitment = sha256(Buffer.concat([salt, Buffer.from(outer)])).toString('base64');
    const leaf = hashLeaf(entryBytes({ slot, recordedAt, type: event.type, commitment }));
    const { root } = proverOf([leaf]);
    const text = checkpointText({ origin: ORIGIN, size: 1, root });
    const checkpoint = noteText({ text, signatures: [log.sign(text)] });
    const told = (at: number) =>
      receiptText({
        event: outer.slice(at),
        salt: Buffer.concat([salt, Buffer.from(outer.slice(0, at))]),
        ...{ slot, recordedAt, index: 0, proof: [], checkpoint },
      });
    expect(checkReceipt(told(0), { logKeys }).stream).toBe(event.stream);
    expect(() => checkReceipt(told(outer.indexOf(inner)), { logKeys })).toThrow(BadReceipt);
  });

  it('is refused with a time of a witness that is none', async () => {
    const never = createSigner('witness.example', privateKeyOf(Buffer.alloc(32, 2)), 'cosignature', () =>
      Object.assign(new Date(0), { getTime: () => 1e19 }),
    );
    const trusted = { logKeys, witnessKeys: [never.key], quorum: 1 };
    await expect(receipt(log, never).then((text) => checkReceipt(text, trusted))).rejects.toThrow(BadReceipt);
  });

  it('is refused under another key, without the witnesses that are wanted, and as no receipt at all', async () => {
    const text = await receipt(log);
    const other = createSigner(ORIGIN, privateKeyOf(Buffer.alloc(32, 4))).key;
    expect(() => checkReceipt(text, { logKeys: [other] })).toThrow(BadReceipt);
    expect(() => checkReceipt(text, { logKeys, witnessKeys: [witness.key], quorum: 1 })).toThrow(
      '0 of 1 witnesses',
    );
    expect(() =>
      verifyReceipt(text, readKey(verifierText(log.key)), [readKey(verifierText(witness.key))]),
    ).toThrow('has not seen');
    for (const not of ['', '\n\n', 'c2sp.org/tlog-proof@v1\nindex 0\n\n'])
      expect(() => checkReceipt(not, { logKeys })).toThrow(BadReceipt);
    expect(readVerifierKey(verifierText(other))).toEqual(other);
  });
});
