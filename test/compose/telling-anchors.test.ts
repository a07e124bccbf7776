import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mailAnchor } from '../../src/compose/mail-anchor.js';
import { webhookAnchor } from '../../src/compose/webhook-anchor.js';
import { createPostJson } from '../../src/providers/webhook/post-json.js';
import { webhookReach } from '../../src/support/reach.js';
import type { Anchor } from '../../src/transparency/anchors/anchor.js';
import { lookAt } from '../../src/transparency/monitor.js';
import { checkpointed, signer } from '../transparency/support/checkpointed.js';
import { WebhookServer } from '../support/webhook-server.js';

// They are told, and cannot be asked: a ledger that was put back goes on, and what it tells then is the proof against it.

const patience = new AbortController().signal;

describe('anchors that are told and remember nothing for us', () => {
  let webhook: WebhookServer;
  let mails: Map<string, string>;
  let anchors: Readonly<Record<'webhook' | 'mail', Anchor>>;
  beforeAll(async () => {
    webhook = await new WebhookServer('0123456789abcdef').start();
  });
  afterAll(() => webhook.stop());
  beforeEach(() => {
    webhook.received.length = 0;
    webhook.instead = undefined;
    mails = new Map();
    const posting = { post: createPostJson(webhookReach(['127.0.0.0/8'])), now: () => new Date() };
    const sends = {
      add: ({ id, content }: { readonly id: string; readonly content: { readonly text: string } }) =>
        Promise.resolve(void mails.set(id, content.text)),
      stateOf: () => Promise.resolve('sent' as const),
      withdraw: () => Promise.resolve(),
    };
    anchors = {
      webhook: webhookAnchor(posting, {
        name: 'auditor',
        url: webhook.url,
        secret: webhook.secret,
        everyMs: 0,
      }),
      mail: mailAnchor(sends as never, { name: 'finance', to: 'finance@example.com', everyMs: 0 }),
    };
  });

  const told = (kind: 'webhook' | 'mail'): readonly { readonly id: string; readonly note: string }[] =>
    kind === 'webhook'
      ? webhook.received.map(({ id, checkpoint }) => ({ id: String(id), note: String(checkpoint) }))
      : [...mails].map(([id, note]) => ({ id, note }));

  it.each(['webhook', 'mail'] as const)(
    'take what a ledger signs that was put back (%s), of as many entries too, as something new',
    async (kind) => {
      for (const { given } of [
        checkpointed(5),
        checkpointed(4),
        checkpointed(5, 'another'),
        checkpointed(5, 'another'),
      ])
        expect(await anchors[kind].take(given, patience)).toEqual({ kind: 'taken' });
      const ids = told(kind).map(({ id }) => id);
      // What is told again has the id that it had; another history of as many entries has another one.
      expect(new Set(ids).size).toBe(3);
    },
  );

  it('have the proof then: what they were told before, and what they are told now', async () => {
    const all = [checkpointed(5), checkpointed(4), checkpointed(6, 'another')];
    for (const { given } of all) await anchors.webhook.take(given, patience);
    const notes = told('webhook').map(({ note }) => note);
    expect(notes).toEqual(all.map(({ given }) => given.checkpoint.note));
    const looking = { logKeys: [signer.key], witnessKeys: [], quorum: 0, freshMs: 86_400_000 };
    const now = new Date('2026-11-30T12:00:00Z');
    const state = { checkpoint: notes[0] ?? '', seen_at: now.toISOString() };
    const verdicts = all.map(async ({ log }) => (await lookAt({ ...looking, now, state, log })).verdict);
    expect(await Promise.all(verdicts)).toEqual(['ok', 'shrunk', 'forked']);
  });

  it('say so themselves where they remember: a webhook that answers 409 contradicts', async () => {
    webhook.instead = 409;
    expect(await anchors.webhook.take(checkpointed(4).given, patience)).toEqual({
      kind: 'contradicts',
      reason: 'it answers that the checkpoint of 4 entries does not go on from what it was told before',
    });
    webhook.instead = 500;
    expect(await anchors.webhook.take(checkpointed(4).given, patience)).toEqual({
      kind: 'failed',
      reason: 'it answered 500',
    });
  });

  it('are given up where nobody answers in time, and a mail is taken back that was not sent', async () => {
    webhook.instead = 'nothing';
    const within = AbortSignal.timeout(50);
    await expect(anchors.webhook.take(checkpointed(4).given, within)).rejects.toThrow('aborted');
    const withdrawn: string[] = [];
    const waiting = {
      add: () => Promise.resolve(),
      stateOf: () => Promise.resolve('waiting' as const),
      withdraw: (id: string) => Promise.resolve(void withdrawn.push(id)),
    };
    const mail = { name: 'finance', to: 'finance@example.com', everyMs: 0 };
    const never = mailAnchor(waiting, mail, 10);
    expect(await never.take(checkpointed(4).given, patience)).toEqual({
      kind: 'failed',
      reason: 'it was not sent in time',
    });
    expect(withdrawn).toHaveLength(1);
  });

  it('and are asked for nothing at a start: only a folder, a repository and a witness remember', () => {
    for (const anchor of Object.values(anchors)) expect('remembered' in anchor).toBe(false);
  });
});
