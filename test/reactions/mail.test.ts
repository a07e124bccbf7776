import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { MailQueue } from '../../src/commands/login/ports.js';
import { createSmtpTransport } from '../../src/providers/mail/smtp-transport.js';
import { MailSender } from '../../src/reactions/mail/mail-sender.js';
import { createMails, type MailStore } from '../../src/stores/mails.js';
import { createKeyring } from '../../src/support/keyring.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const MINUTE = 60_000;
const START = Date.parse('2026-11-21T10:00:00Z');
let clockMs = START;
const now = () => new Date(clockMs);
const received: { readonly to: readonly string[]; readonly text: string }[] = [];
/** What the server says to the next recipients; undefined: it takes the mail. */
let refusal: { readonly code: number; readonly text: string } | undefined;
let server: SMTPServer;
let url: string;
let database: TestDatabase;
let mails: MailStore;

beforeAll(async () => {
  database = await createTestDatabase();
  mails = createMails(database.pool, createKeyring(Buffer.alloc(32, 7)), { delivers: true });
  server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (_address, _session, answer) =>
      refusal ? answer(Object.assign(new Error(refusal.text), { responseCode: refusal.code })) : answer(),
    onData: (stream, session, answer) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        received.push({ to, text: Buffer.concat(chunks).toString() });
        answer();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise<void>((resolve) => server.close(resolve));
  await database.drop();
});
beforeEach(async () => {
  received.length = 0;
  refusal = undefined;
  await database.pool.query('DELETE FROM mails');
});

const mail: Parameters<MailQueue['add']>[0] = {
  kind: 'verify',
  accountId: undefined,
  to: 'alice@example.com',
  content: { subject: '请验证', text: 'https://portal.example.com/#secret', html: '<p>secret</p>' },
};

/** One look of a sender that begins and ends with it. */
async function look(to = url): Promise<void> {
  const sender = new MailSender({
    mails,
    transport: createSmtpTransport(to, 'Counterfoil <noreply@example.com>'),
    now,
    onFault: (error) => {
      throw error;
    },
    lookEveryMs: 3_600_000,
  });
  const before = (await mails.list({ limit: 1 }))[0]?.attempts ?? 0;
  sender.start();
  await eventually(async () => {
    expect((await mails.list({ limit: 1 }))[0]?.attempts).toBe(before + 1);
  });
  await sender.stop();
}

const state = async () => (await mails.list({ limit: 1 }))[0];

describe('a mail', () => {
  it('is sent to a server, in both forms, and what it said is forgotten', async () => {
    await mails.add(mail, now());
    await look();
    expect(received.map(({ to }) => to)).toEqual([['alice@example.com']]);
    expect(received[0]?.text).toMatch(/^From: Counterfoil <noreply@example\.com>/m);
    expect(received[0]?.text).toContain('https://portal.example.com/#secret');
    expect(received[0]?.text).toContain('<p>secret</p>');
    expect(await state()).toMatchObject({ state: 'sent', text: null, attempts: 1 });
    const { rows } = await database.pool.query('SELECT body FROM mails');
    expect(rows).toEqual([{ body: null }]);
  });

  it('that cannot be sent now is tried again, and given up after a day', async () => {
    await mails.add(mail, now());
    refusal = { code: 451, text: 'come again' };
    await look();
    expect(await state()).toMatchObject({
      state: 'waiting',
      answer: expect.stringContaining('come again'),
      nextAt: new Date(clockMs + MINUTE),
    });
    clockMs += MINUTE;
    refusal = undefined;
    await look();
    expect(await state()).toMatchObject({ state: 'sent', attempts: 2 });

    await database.pool.query('DELETE FROM mails');
    await mails.add(mail, now());
    clockMs += 24 * 60 * MINUTE;
    refusal = { code: 451, text: 'come again' };
    await look();
    expect(await state()).toMatchObject({ state: 'failed', nextAt: null });
  });

  it('that no server will ever take is given up at once, with what the server said', async () => {
    await mails.add(mail, now());
    refusal = { code: 550, text: 'no such user' };
    await look();
    expect(await state()).toMatchObject({ state: 'failed', answer: expect.stringContaining('no such user') });
  });

  it('waits while there is no server', async () => {
    await mails.add(mail, now());
    await look('smtp://127.0.0.1:9');
    expect(await state()).toMatchObject({ state: 'waiting', attempts: 1 });
  });

  it('is taken by one sender at a time, and by another should that one die', async () => {
    await mails.add(mail, now());
    expect(await mails.claim(5, MINUTE, now())).toHaveLength(1);
    expect(await mails.claim(5, MINUTE, now())).toEqual([]);
    clockMs += MINUTE;
    expect(await mails.claim(5, MINUTE, now())).toHaveLength(1);
  });
});
