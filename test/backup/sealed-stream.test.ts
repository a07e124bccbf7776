import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newFolderKey, openFolderKey, type Secret } from '../../src/backup/sealing/folder-key.js';
import { CannotUnseal, seal, unseal } from '../../src/backup/sealing/sealed-stream.js';

const KEY = Buffer.alloc(32, 7);
const CHUNK = 64 * 1024;

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of bytes) all.push(piece);
  return Buffer.concat(all);
}

const sealed = (plain: Uint8Array, size = CHUNK): Promise<Buffer> =>
  whole(seal(pieces(plain, size), KEY, 'log/1'));
const opened = (box: Uint8Array, { key = KEY, name = 'log/1', size = 1000 } = {}): Promise<Buffer> =>
  whole(unseal(pieces(box, size), key, name));

describe('a sealed file', () => {
  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])(
    'of %i bytes opens to what was sealed',
    async (length) => {
      const plain = randomBytes(length);
      expect((await opened(await sealed(plain, 10_007))).equals(plain)).toBe(true);
    },
  );

  it('never says the same twice, and nothing of what is in it', async () => {
    const plain = Buffer.from('account 4711 '.repeat(100));
    const [one, two] = [await sealed(plain), await sealed(plain)];
    expect(one.equals(two)).toBe(false);
    expect(one.includes('4711')).toBe(false);
  });

  it('does not open when any bit of it was changed, or its end was cut off anywhere', async () => {
    const box = await sealed(randomBytes(2 * CHUNK + 100));
    await fc.assert(
      fc.asyncProperty(fc.nat(box.length - 1), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const changed = Buffer.from(box);
        changed[at] = (changed[at] as number) ^ (1 << bit);
        await expect(opened(changed, { size: CHUNK })).rejects.toThrow(CannotUnseal);
        await expect(opened(box.subarray(0, at), { size: CHUNK })).rejects.toThrow(CannotUnseal);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [
      'one chunk is left out',
      (box: Buffer) => Buffer.concat([box.subarray(0, 37), box.subarray(37 + CHUNK + 16)]),
    ],
    ['it ends with a whole chunk before its end', (box: Buffer) => box.subarray(0, 37 + CHUNK + 16)],
    ['something stands behind its end', (box: Buffer) => Buffer.concat([box, Buffer.alloc(20)])],
  ])('does not open when %s', async (_case, change) => {
    await expect(opened(change(await sealed(randomBytes(2 * CHUNK + 5))))).rejects.toThrow(CannotUnseal);
  });

  it('does not open with another key, nor as another file of the backup', async () => {
    const box = await sealed(Buffer.from('one'));
    await expect(opened(box, { key: Buffer.alloc(32, 8) })).rejects.toThrow(CannotUnseal);
    await expect(opened(box, { name: 'log/2' })).rejects.toThrow(CannotUnseal);
  });
});

describe('the key of a folder', () => {
  const words: Secret = { kind: 'passphrase', passphrase: 'correct horse battery stäple' };
  const file: Secret = { kind: 'key', key: Buffer.alloc(32, 3) };

  it.each([
    ['a passphrase', words, { kind: 'passphrase', passphrase: 'correct horse battery staple' }],
    ['a key', file, { kind: 'key', key: Buffer.alloc(32, 4) }],
  ] as const)('opens with %s, and with no other', async (_case, secret, other) => {
    const { key, encryption } = await newFolderKey(secret);

    expect((await openFolderKey(encryption, secret)).equals(key)).toBe(true);
    await expect(openFolderKey(encryption, other)).rejects.toThrow(CannotUnseal);
    await expect(openFolderKey(encryption, secret === words ? file : words)).rejects.toThrow(CannotUnseal);
    await expect(openFolderKey(encryption, undefined)).rejects.toThrow(/is needed/);
  });

  it('takes words however their letters were typed', async () => {
    const { key, encryption } = await newFolderKey(words);
    const decomposed: Secret = { ...words, passphrase: words.passphrase.normalize('NFD') };
    expect((await openFolderKey(encryption, decomposed)).equals(key)).toBe(true);
  });
});
