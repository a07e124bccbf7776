import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createAnchors } from '../../../src/compose/anchors.js';
import { anchorsSchema } from '../../../src/compose/anchors-file.js';
import { parseSettings } from '../../../src/compose/settings-file.js';
import { createObjectStore } from '../../../src/transparency/anchors/object-store.js';
import type { Anchor } from '../../../src/transparency/anchors/anchor.js';
import { privateKeyOf } from '../../../src/transparency/note-keys.js';
import { createSigner } from '../../../src/transparency/signed-note.js';
import { fault, ObjectStoreServer } from '../../support/fakes/object-store.js';
import { checkpointed, ORIGIN, signer } from '../support/checkpointed.js';

// What a bucket is given and asked, by a store that checks each signature. Through the runner it is one of all anchors: test/service/anchored.

const NAME = 'counterfoil/ledger';
const SIZE_5 = `${NAME}/checkpoints/0000000000000005`;
const patience = new AbortController().signal;

describe('an object store as an anchor', () => {
  let store: ObjectStoreServer;
  beforeEach(async () => {
    store = await new ObjectStoreServer().start();
    stores.push(store);
  });
  const stores: ObjectStoreServer[] = [];
  afterAll(async () => {
    for (const each of stores) await each.stop();
  });

  /** As a service makes it of its file. */
  function anchorOf(settings: Readonly<Record<string, unknown>> = {}, allowed = ['127.0.0.0/8']): Anchor {
    const anchors = [{ ...store.settings, name: 'bucket', ...settings }];
    const file = parseSettings(JSON.stringify({ anchors }), {
      what: 'file of anchors',
      schema: anchorsSchema,
    });
    const parts = { config: { webhookAllowPrivate: allowed } } as unknown as Parameters<
      typeof createAnchors
    >[0];
    const [anchor] = createAnchors(parts, file, () => Promise.resolve([signer.key]));
    if (!anchor) throw new Error('there is none');
    return anchor;
  }
  const take = (size: number, { history = '', known = 0, settings = {} } = {}) =>
    anchorOf(settings).take({ ...checkpointed(size, history).given, known }, patience);

  it('has the last checkpoint, the last one of each day, and each under its size', async () => {
    expect(await take(5)).toEqual({ kind: 'taken' });
    expect(await take(7, { known: 5 })).toEqual({ kind: 'taken' });
    const { note } = checkpointed(7).given.checkpoint;
    expect([...store.versions.keys()].sort()).toEqual(
      ['checkpoint', 'checkpoints/0000000000000005', 'checkpoints/0000000000000007', 'days/2026-11-30'].map(
        (name) => `${NAME}/${name}`,
      ),
    );
    expect(store.newest(`${NAME}/checkpoint`)).toBe(note);
    expect(store.newest(`${NAME}/days/2026-11-30`)).toBe(note);
    expect(store.versions.get(SIZE_5)).toEqual([checkpointed(5).given.checkpoint.note]);
    expect(await anchorOf().remembered?.()).toBe(note);
  });

  it('remembers nothing before it has any, at a root without a prefix too', async () => {
    expect(await anchorOf({ prefix: '' }).remembered?.()).toBeUndefined();
    expect(await take(5, { settings: { prefix: '' } })).toEqual({ kind: 'taken' });
    expect(store.newest('checkpoint')).toBe(checkpointed(5).given.checkpoint.note);
  });

  it('takes again what it has, of an attempt that was not heard of', async () => {
    await take(5);
    store.versions.delete(`${NAME}/checkpoint`);
    expect(await take(5)).toEqual({ kind: 'taken' });
    expect(store.versions.get(SIZE_5)).toHaveLength(1);
  });

  it.each([
    ['an older copy', 4, '', 'it has a checkpoint of 5 entries, and the log has 4'],
    ['another history, which is longer', 6, 'another', 'which the log does not begin with'],
    ['another history of as many entries', 5, 'another', 'which the log does not begin with'],
  ])('contradicts %s, and keeps what it has', async (_, size, history, words) => {
    await take(5);
    const before = new Map(store.versions);
    expect(await take(size, { history, known: 5 })).toEqual({
      kind: 'contradicts',
      reason: expect.stringContaining(words),
    });
    expect(store.versions).toEqual(before);
  });

  it('contradicts by the name that was written once, where the last one was taken away', async () => {
    await take(5);
    store.versions.delete(`${NAME}/checkpoint`);
    expect(await take(5, { history: 'another' })).toEqual({
      kind: 'contradicts',
      reason: 'it has another checkpoint under the name of 5 entries: history was changed',
    });
    expect(store.newest(SIZE_5)).toBe(checkpointed(5).given.checkpoint.note);
    expect(store.newest(`${NAME}/checkpoint`)).toBeUndefined();
  });

  it('is lost where what it was given is not there, or is not ours', async () => {
    expect(await take(5, { known: 3 })).toEqual({
      kind: 'failed',
      reason: 'the checkpoint of 3 entries that it was given is not there: who has taken it away?',
    });
    const foreign = createSigner(ORIGIN, privateKeyOf(Buffer.alloc(32, 2)));
    for (const name of [`${NAME}/checkpoint`, SIZE_5]) {
      store.versions.clear();
      store.versions.set(name, [checkpointed(5, '', foreign).given.checkpoint.note]);
      expect(await take(5)).toEqual({
        kind: 'failed',
        reason: expect.stringContaining("is not this ledger's"),
      });
      expect(store.versions.size).toBe(1);
    }
  });

  it.each([
    [
      'another secret',
      { secret_access_key: 'another-secret-of-theirs' },
      '403 SignatureDoesNotMatch: the secret',
    ],
    ['another key', { access_key_id: 'AKIDOTHER' }, '403 InvalidAccessKeyId: it does not know'],
    ['another region', { region: 'us-east-1' }, 'the bucket is in the region eu-central-1'],
    ['another bucket', { bucket: 'of-somebody-else' }, '404 NoSuchBucket: it has no bucket of this name'],
  ])('says what is wrong with %s, also when it is read, and shows no secret', async (_, settings, words) => {
    const taken = await take(5, { settings });
    expect(taken).toEqual({ kind: 'failed', reason: expect.stringContaining(words) });
    await expect(anchorOf(settings).remembered?.()).rejects.toThrow(words);
    for (const secret of [store.key.secret, store.key.id, 'another-secret-of-theirs', 'AKIDOTHER'])
      expect(JSON.stringify(taken)).not.toContain(secret);
    expect(store.versions.size).toBe(0);
  });

  it('says that a clock is wrong', async () => {
    store.aheadMs = 3_600_000;
    expect(await take(5)).toMatchObject({ kind: 'failed', reason: expect.stringContaining('too far apart') });
  });

  it.each([
    ['denies', fault(403, 'AccessDenied'), 's3:ListBucket'],
    ['has no such bucket', fault(404, 'NoSuchBucket'), 'no bucket of this name'],
    ['is no store', { status: 404, text: 'not found' }, 'it answered 404'],
    ['is asked too often', fault(503, 'SlowDown'), 'it answered 503 SlowDown: it is asked too often'],
    ['knows no conditions', fault(501, 'NotImplemented'), 'If-None-Match'],
    ['is written by somebody else', fault(409, 'ConditionalRequestConflict'), 'somebody else was writing'],
    ['says something new', fault(400, 'SomethingNew'), 'it answered 400 SomethingNew'],
    [
      'says where it is',
      {
        ...fault(301, 'PermanentRedirect', '<Endpoint>10.0.0.1</Endpoint>'),
        headers: { 'x-amz-bucket-region': 'us-west-2', location: 'http://10.0.0.1/' },
      },
      'the bucket is in the region us-west-2',
    ],
    [
      'sends elsewhere',
      { status: 307, headers: { location: 'http://10.0.0.1/' } },
      'another endpoint, or in another region',
    ],
    [
      'says nonsense',
      { status: 301, headers: { 'x-amz-bucket-region': 'a b <c>' }, text: '<Region>A B</Region>' },
      'it answered 301: the bucket is at another endpoint',
    ],
    ['says without an end', { status: 200, text: 'x'.repeat(70_000) }, undefined],
  ])('that %s is told of, and asked again later', async (_, answer, words) => {
    store.instead = answer;
    const taken = await take(5).catch((error: unknown) => error);
    if (words === undefined) expect(taken).toEqual(new RangeError('the answer is too long'));
    else expect(taken).toEqual({ kind: 'failed', reason: expect.stringContaining(words) });
    expect(store.requests).toHaveLength(1);
    store.instead = undefined;
    expect(await take(5)).toEqual({ kind: 'taken' });
  });

  it('is not waited for without an end', async () => {
    store.instead = 'nothing';
    const given = { ...checkpointed(5).given, known: 0 };
    await expect(anchorOf().take(given, AbortSignal.timeout(50))).rejects.toThrow();
  });

  it('is not asked at an address that nobody has named', async () => {
    const given = { ...checkpointed(5).given, known: 0 };
    await expect(anchorOf({}, []).take(given, patience)).rejects.toThrow('the address is private');
    expect(store.requests).toEqual([]);
  });
});

describe('a bucket before the name of its host', () => {
  const store = new ObjectStoreServer();
  beforeAll(() => store.start());
  afterAll(() => store.stop());

  it('is asked there, signed for that host', async () => {
    const asked: string[] = [];
    const { endpoint, region, bucket, prefix } = { ...store.settings, endpoint: 'https://s3.example:8443' };
    const settings = { endpoint, region, bucket, prefix, isPathStyle: false, key: store.key };
    const objects = createObjectStore(settings, (address, { method, headers, body }) => {
      const { host, pathname: path } = new URL(address);
      asked.push(`${method} ${address}`);
      const {
        status,
        text = '',
        headers: answered = {},
      } = store.respond({ method, path, headers: { ...headers, host }, body });
      return Promise.resolve({ status, text, headers: answered });
    });
    expect(await objects.putOnce('checkpoint', 'one', patience)).toEqual({ kind: 'put' });
    expect(await objects.putOnce('checkpoint', 'two', patience)).toEqual({ kind: 'there' });
    expect(await objects.get('checkpoint', patience)).toEqual({ kind: 'found', text: 'one' });
    expect(asked[0]).toBe('PUT https://ledger-checkpoints.s3.example:8443/counterfoil/ledger/checkpoint');
  });
});
