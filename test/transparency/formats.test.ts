import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { openCheckpoint, readCheckpointText } from '../../src/transparency/checkpoint.js';
import { bundleOf, entriesOf } from '../../src/transparency/entry-bundle.js';
import { hashLeaf, hmacUnder } from '../../src/transparency/hashing.js';
import {
  NotAVerifierKey,
  privateKeyOf,
  readVerifierKey,
  verifierText,
} from '../../src/transparency/note-keys.js';
import { proofFileText, readProofFile } from '../../src/transparency/proof-file.js';
import {
  BadNote,
  believedSignatures,
  createSigner,
  noteText,
  readNote,
} from '../../src/transparency/signed-note.js';
import { readTilePath, tilePath } from '../../src/transparency/tile-path.js';
import { isConsistent, isIncluded } from '../../src/transparency/verify-proofs.js';
import { proverOf } from './support/trees.js';

const vectorsOf = z.object({
  vkey: z.string(),
  seed: z.base64(),
  note: z.string(),
  trees: z.array(z.object({ size: z.number(), root: z.base64() })),
  proofs: z.array(
    z.object({
      kind: z.enum(['inclusion', 'consistency']),
      of: z.number(),
      size: z.number(),
      path: z.array(z.base64()),
    }),
  ),
  tiles: z.array(z.object({ path: z.string(), leafHash: z.base64() })),
});

/** Of C2SP's signed-note, read on 2026-11-29. */
const EXAMPLE_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const EXAMPLE_NOTE =
  'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
/** Of C2SP's tlog-witness: a checkpoint with two signatures. */
const EXAMPLE_CHECKPOINT =
  'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';

const bytes = (text: string): Buffer => Buffer.from(text, 'base64');

describe('what golang.org/x/mod/sumdb made of the same entries', () => {
  let theirs: z.infer<typeof vectorsOf>;
  const ours = proverOf(
    Array.from({ length: 70_000 }, (_, index) => hashLeaf(Buffer.from(`entry ${index}`))),
  );
  beforeAll(async () => {
    const text = await readFile(`${import.meta.dirname}/vectors/sumdb.json`, 'utf8');
    theirs = vectorsOf.parse(JSON.parse(text));
  });

  it('has the roots that we have', async () => {
    for (const { size, root } of theirs.trees) expect(await ours.prover(size).root()).toEqual(bytes(root));
  });

  it('has the proofs that we make, and they convince us', async () => {
    const roots = new Map(theirs.trees.map(({ size, root }) => [size, bytes(root)]));
    const head = async (size: number) => ({
      size,
      root: roots.get(size) ?? (await ours.prover(size).root()),
    });
    for (const { kind, of, size, path } of theirs.proofs) {
      const proof = path.map(bytes);
      expect(await ours.prover(size)[kind](of)).toEqual(proof);
      const holds =
        kind === 'inclusion'
          ? isIncluded(hashLeaf(Buffer.from(`entry ${of}`)), of, await head(size), proof)
          : isConsistent(await head(of), await head(size), proof);
      expect(holds).toBe(true);
    }
  });

  it('has a note that we read, and would sign to the same bytes', () => {
    const key = readVerifierKey(theirs.vkey);
    expect(openCheckpoint(theirs.note, [key])).toMatchObject({ size: 70_000, origin: key.name });
    const { text } = readNote(theirs.note);
    const signer = createSigner(key.name, privateKeyOf(bytes(theirs.seed)));
    expect(verifierText(signer.key)).toBe(theirs.vkey);
    expect(noteText({ text, signatures: [signer.sign(text)] })).toBe(theirs.note);
  });
});

it('has a keyed hash that is HMAC-SHA-256', () => {
  const key = fc.uint8Array({ minLength: 1, maxLength: 64 });
  const same = (under: Uint8Array, text: string) =>
    (['binary', 'base64'] as const).every(
      (as) => hmacUnder(under)(text, as) === createHmac('sha256', under).update(text).digest(as),
    );
  fc.assert(fc.property(key, fc.string(), same));
});

describe('a signed note', () => {
  const seed = Buffer.alloc(32, 3);

  it("is read as C2SP's example has it", () => {
    const key = readVerifierKey(EXAMPLE_KEY);
    expect(verifierText(key)).toBe(EXAMPLE_KEY);
    expect(believedSignatures(readNote(EXAMPLE_NOTE), [key])).toHaveLength(1);
    expect(readCheckpointText(EXAMPLE_CHECKPOINT)).toMatchObject({ size: 20_852_163 });
  });

  it('is refused whichever byte of it was changed', () => {
    const key = readVerifierKey(EXAMPLE_KEY);
    const whole = Buffer.from(EXAMPLE_NOTE);
    for (let at = 0; at < whole.length; at += 1) {
      const other = Buffer.from(whole);
      other[at] = (other[at] as number) ^ 1;
      const isBelieved = (): boolean => believedSignatures(readNote(other.toString()), [key]).length > 0;
      let verdict = false;
      try {
        verdict = isBelieved();
      } catch (error) {
        expect(error).toBeInstanceOf(BadNote);
      }
      expect(verdict).toBe(false);
    }
  });

  it('tells when a witness saw it, which the witness signs too', () => {
    const now = new Date('2026-11-29T12:00:00Z');
    const log = createSigner('example.com/log', privateKeyOf(seed));
    const witness = createSigner(
      'example.com/witness',
      privateKeyOf(Buffer.alloc(32, 4)),
      'cosignature',
      () => now,
    );
    const text = `example.com/log\n1\n${hashLeaf(Buffer.from('one')).toString('base64')}\n`;
    const note = noteText({ text, signatures: [log.sign(text), witness.sign(text)] });
    const opened = openCheckpoint(note, [log.key], [readVerifierKey(verifierText(witness.key))]);
    expect(opened.witnesses.map(({ seenAt }) => seenAt)).toEqual([now]);
    const later = noteText({
      text,
      signatures: [log.sign(text), { ...witness.sign(text), bytes: Buffer.alloc(72, 1) }],
    });
    expect(() => openCheckpoint(later, [log.key], [witness.key])).toThrow(BadNote);
    expect(openCheckpoint(later, [log.key]).witnesses).toEqual([]);
  });

  it('is not believed without a signature of a key that is known', () => {
    const log = createSigner('example.com/log', privateKeyOf(seed));
    const other = createSigner('example.com/log', privateKeyOf(Buffer.alloc(32, 5)));
    const text = `example.com/log\n1\n${hashLeaf(Buffer.from('one')).toString('base64')}\n`;
    const note = noteText({ text, signatures: [other.sign(text)] });
    expect(() => openCheckpoint(note, [log.key])).toThrow('has not signed');
    expect(() => openCheckpoint(note, [readVerifierKey(EXAMPLE_KEY)])).toThrow('whose key is not known');
  });

  it.each(['', 'example.com/foo', 'example.com/foo+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'])(
    'has no key of %j',
    (text) => {
      expect(() => readVerifierKey(text)).toThrow(NotAVerifierKey);
    },
  );
});

describe('tiles and entries as they are served', () => {
  it('have the paths of tlog-tiles, each in one way', () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 'entries', index: 0, width: 17 })).toBe('tile/entries/000.p/17');
    const names = fc.record({
      level: fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const)),
      index: fc.nat(999_999_999_999),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(fc.property(names, (name) => expect(readTilePath(tilePath(name))).toEqual(name)));
    for (const path of [
      'tile/64/000',
      'tile/00/000',
      'tile/0/x000/001',
      'tile/0/1',
      'tile/0/000.p/256',
      'tile/0/000.p/0',
      'tile/0/000.p/01',
      'tile/0/../000',
    ])
      expect(readTilePath(path)).toBeUndefined();
  });

  it('come out of a bundle as they went in', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 1_024 }), { maxLength: 20 });
    fc.assert(
      fc.property(entries, (some) => {
        const bundle = bundleOf(some);
        expect(entriesOf(bundle).map((entry) => [...entry])).toEqual(some.map((entry) => [...entry]));
        if (bundle.length > 1) expect(() => entriesOf(bundle.subarray(0, -1))).toThrow(RangeError);
      }),
    );
    expect(() => bundleOf([Buffer.alloc(1_025)])).toThrow(RangeError);
  });

  it('come out of a proof as they went in', () => {
    const proofs = fc.record({
      extra: fc.option(
        fc.uint8Array().map((some) => Buffer.from(some)),
        { nil: undefined },
      ),
      index: fc.nat(),
      proof: fc.array(
        fc.uint8Array({ minLength: 32, maxLength: 32 }).map((some) => Buffer.from(some)),
        { maxLength: 63 },
      ),
      checkpoint: fc.constant(EXAMPLE_NOTE),
    });
    fc.assert(fc.property(proofs, (proof) => expect(readProofFile(proofFileText(proof))).toEqual(proof)));
  });
});
