import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MailQueue } from '../../src/commands/login/ports.js';
import { createSmtpTransport } from '../../src/providers/mail/smtp-transport.js';
import { MailSender } from '../../src/reactions/mail/mail-sender.js';
import { createMails, type MailStore } from '../../src/stores/mails.js';
import { createKeyring } from '../../src/support/keyring.js';
import { eventually } from '../support/eventually.js';
import { MailServer } from '../support/mail-server.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const MINUTE = 60_000;
const START = Date.parse('2026-11-21T10:00:00Z');
let clockMs = START;
const now = () => new Date(clockMs);
let server: MailServer;
let database: TestDatabase;
let mails: MailStore;

beforeAll(async () => {
  database = await createTestDatabase();
  mails = createMails(database.pool, createKeyring(Buffer.alloc(32, 7)), { delivers: true });
  server = await new MailServer().start();
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});
beforeEach(async () => {
  server.received.length = 0;
  server.refusal = undefined;
  await database.pool.query('DELETE FROM mails');
});

const mail: Parameters<MailQueue['add']>[0] = {
  kind: 'verify',
  accountId: undefined,
  to: 'alice@example.com',
  content: { subject: '请验证', text: 'https://portal.example.com/#secret', html: '<p>secret</p>' },
};

/** One look of a sender that begins and ends with it. */
async function look(to = server.url): Promise<void> {
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
    expect(server.received.map(({ to }) => to)).toEqual([['alice@example.com']]);
    expect(server.received[0]?.text).toMatch(/^From: Counterfoil <noreply@example\.com>/m);
    expect(server.received[0]?.text).toContain('https://portal.example.com/#secret');
    expect(server.received[0]?.text).toContain('<p>secret</p>');
    expect(await state()).toMatchObject({ state: 'sent', text: null, attempts: 1 });
    const { rows } = await database.pool.query('SELECT body FROM mails');
    expect(rows).toEqual([{ body: null }]);
  });

  it('that cannot be sent now is tried again, and given up after a day', async () => {
    await mails.add(mail, now());
    server.refusal = { code: 451, text: 'come again' };
    await look();
    expect(await state()).toMatchObject({
      state: 'waiting',
      answer: expect.stringContaining('come again'),
      nextAt: new Date(clockMs + MINUTE),
    });
    clockMs += MINUTE;
    server.refusal = undefined;
    await look();
    expect(await state()).toMatchObject({ state: 'sent', attempts: 2 });

    await database.pool.query('DELETE FROM mails');
    await mails.add(mail, now());
    clockMs += 24 * 60 * MINUTE;
    server.refusal = { code: 451, text: 'come again' };
    await look();
    expect(await state()).toMatchObject({ state: 'failed', nextAt: null });
  });

  it('that no server will ever take is given up at once, with what the server said', async () => {
    await mails.add(mail, now());
    server.refusal = { code: 550, text: 'no such user' };
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
