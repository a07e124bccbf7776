import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openUserReceivers } from '../../../src/compose/user-alerts.js';
import { OutboxSender } from '../../../src/reactions/outbox/outbox-sender.js';
import { PostgresOutbox } from '../../../src/reactions/outbox/postgres-outbox.js';
import { UserAlertWatch } from '../../../src/reactions/user-alerts/watch.js';
import { anEvent } from '../../support/events.js';
import { eventually } from '../../support/eventually.js';
import type { ParsedJson } from '../../support/parsed-json.js';
import { type Browser, type PeopleServer, startPeopleServer } from '../support/people-server.js';

// Somebody says what they want to be told of, and is told by mail and at a real webhook.

const setup = { actor: 'service-key:1', requestId: 'setup' };
const USD = 500_000;

let world: PeopleServer;
let ann: Browser;
let owner: { readonly account_id: string; readonly user_id: number };
let externalUserId: string;
let watch: UserAlertWatch;
let sender: OutboxSender;
let hooked: Server;
let hookUrl: string;
const posted: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];

beforeAll(async () => {
  world = await startPeopleServer();
  ann = await world.registered('ann');
  externalUserId = (await ann.call('GET', '/api/user/self')).body.data.external_user_id;
  const account = await world.ledger.readModels.account(externalUserId);
  owner = { account_id: account?.accountId ?? '', user_id: account?.userId ?? 0 };
  hooked = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      posted.push({ headers: request.headers, body });
      // Nobody follows it.
      response.writeHead(request.url === '/moved' ? 302 : 204, { location: hookUrl }).end();
    });
  });
  await new Promise<void>((resolve) => hooked.listen(0, '127.0.0.1', resolve));
  hookUrl = `http://127.0.0.1:${(hooked.address() as AddressInfo).port}/alerts`;
  const outbox = new PostgresOutbox(world.ledger.pool);
  sender = new OutboxSender({ outbox, receivers: openUserReceivers(world.alerting) });
  sender.start();
  watch = new UserAlertWatch({
    pool: world.ledger.pool,
    outbox,
    now: () => new Date(),
    onMessages: () => sender.ring(),
    onFault: (error) => {
      throw error;
    },
  });
});
afterAll(async () => {
  await sender?.stop();
  await new Promise((resolve) => hooked?.close(resolve));
  await world?.close();
});

const chosen = { key_use: true, unusual_day: false, by_mail: true };
const save = (alerts: object) => ann.call('PUT', '/api/user/alerts', { ...chosen, ...alerts });
const show = async () => (await ann.call('GET', '/api/user/alerts')).body.data;
const mails = async () =>
  (await world.mails.list({ limit: 50 }))
    .filter(({ kind }) => kind === 'alert')
    .map(({ subject }) => subject);

async function credit(amountUsd: string, paymentId: string) {
  const done = await world.ledger.commands.creditPayment({ externalUserId, amountUsd, paymentId }, setup);
  if (!done.ok) throw new Error('not credited');
  await world.ledger.readModels.waitFor(done.position, 10_000);
}

const spend = (dollars: number, tokenId = 1_000) =>
  world.ledger.given(
    anEvent('consumption-recorded', {
      ...owner,
      token_id: tokenId,
      request_id: `r-${Math.random()}`,
      quota: BigInt(dollars * USD),
    }),
  );

describe('what one is told of', () => {
  it('is nothing before it is said', async () => {
    expect(await show()).toMatchObject({
      below_quota: null,
      key_use: false,
      webhook_url: null,
      mail_to: 'ann@example.com',
      notices: [],
    });
  });

  it.each([
    ['http://10.0.0.1/hook', 'private'],
    ['https://169.254.169.254/latest', 'private'],
    ['https://[::ffff:10.0.0.7]/', 'private'],
    ['https://localhost.localdomain.invalid:1/', undefined],
    ['ftp://example.com/', 'web'],
    ['not an address', 'web'],
  ])('is not sent to %s', async (webhook_url, why) => {
    const { status, body } = await save({ webhook_url });
    if (why === undefined) return expect(status).toBe(200);
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      expect.objectContaining({ field: 'webhook_url', message: expect.stringContaining(why) }),
    ]);
  });

  it('is kept, with a secret that is shown once', async () => {
    await save({ webhook_url: '' });
    const first = (await save({ below_quota: 5 * USD, webhook_url: hookUrl })).body.data;
    expect(first).toMatchObject({ below_quota: 5 * USD, webhook_url: hookUrl });
    expect(first.webhook_secret).toMatch(/^whsec_[\w-]{32}$/);
    expect((await show()).webhook_secret).toBeNull();
    expect((await save({ below_quota: 5 * USD, webhook_url: hookUrl })).body.data.webhook_secret).toBeNull();
    const another = (await save({ below_quota: 5 * USD, webhook_url: hookUrl, new_secret: true })).body.data;
    expect(another.webhook_secret).not.toBe(first.webhook_secret);
    const { rows } = await world.ledger.pool.query('SELECT rules, webhook FROM user_alerts');
    expect(JSON.stringify(rows)).not.toContain('127.0.0.1');
  });

  it.each([[0], [-1], [1.5], ['5'], [2 ** 53]])('is not a balance below %s', async (below_quota) => {
    const { status, body } = await save({ below_quota, webhook_url: hookUrl });
    expect([status, body.errors[0].field]).toEqual([400, 'below_quota']);
  });
});

describe('a balance', () => {
  it('that falls below is told of once, by mail and at the webhook, with a body that is signed', async () => {
    const { webhook_secret: secret } = (
      await save({ below_quota: 5 * USD, webhook_url: hookUrl, new_secret: true })
    ).body.data;
    await credit('10', 'pay-1');
    expect(await watch.look()).toBe(0);
    await spend(6);
    expect(await watch.look()).toBe(1);
    expect(await watch.look()).toBe(0);
    await eventually(async () => posted.length === 1 && (await mails()).length === 1);
    expect(await mails()).toEqual(['Your balance is below $5']);
    const [{ headers, body } = { headers: {}, body: '' }] = posted;
    expect(JSON.parse(body)).toMatchObject({
      kind: 'balance',
      account: externalUserId,
      balance: 4 * USD,
      below: 5 * USD,
    });
    const [, at, mark] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['counterfoil-signature'])) ?? [];
    expect(mark).toBe(createHmac('sha256', secret).update(`${at}.${body}`).digest('hex'));
    expect((await show()).notices).toMatchObject([{ alert: { kind: 'balance', balance: 4 * USD } }]);
  });

  it('that wavers is not told of again before it was well above', async () => {
    await credit('1.9', 'pay-2');
    await watch.look();
    await spend(2);
    expect(await watch.look()).toBe(0);
    await credit('20', 'pay-3');
    expect(await watch.look()).toBe(0);
    await spend(20);
    expect(await watch.look()).toBe(1);
    await eventually(async () => posted.length === 2 && (await mails()).length === 2);
  });
});

describe('a key', () => {
  it('is told of at four fifths and when it is used up, by its name', async () => {
    await credit('100', 'pay-4');
    const { token_id } = (await ann.call('POST', '/api/user/keys', { name: 'laptop', quota_limit: 10 * USD }))
      .body.data;
    await spend(8, token_id);
    expect(await watch.look()).toBe(1);
    await spend(1, token_id);
    expect(await watch.look()).toBe(0);
    await spend(1, token_id);
    expect(await watch.look()).toBe(1);
    await eventually(async () => posted.length === 4 && (await mails()).length === 4);
    expect((await mails()).slice(0, 2)).toEqual([
      'The key laptop has used 100% of its limit',
      'The key laptop has used 80% of its limit',
    ]);
  });
});

describe('a test', () => {
  it('says how each way went, once a minute', async () => {
    const before = posted.length;
    const { body } = await ann.call('POST', '/api/user/alerts/test');
    expect(body.data).toEqual({
      mail: { delivered: true, reason: null },
      webhook: { delivered: true, reason: null },
    });
    expect(posted.slice(before).map((each): ParsedJson => JSON.parse(each.body))).toMatchObject([
      { kind: 'test' },
    ]);
    expect((await ann.call('POST', '/api/user/alerts/test')).status).toBe(429);
  });

  it('does not follow where a webhook points to', async () => {
    const bob = await world.registered('bob');
    const webhook_url = hookUrl.replace('/alerts', '/moved');
    await bob.call('PUT', '/api/user/alerts', { ...chosen, by_mail: false, webhook_url });
    const before = posted.length;
    expect((await bob.call('POST', '/api/user/alerts/test')).body.data).toEqual({
      mail: null,
      webhook: { delivered: false, reason: 'it answered 302' },
    });
    expect(posted).toHaveLength(before + 1);
  });
});

it('is forgotten with the account', async () => {
  const erased = await world.ledger.commands.eraseAccount({ externalUserId, reason: 'asked for' }, setup);
  expect(erased.ok).toBe(true);
  for (const table of ['user_alerts', 'user_alert_notices']) {
    const { rows } = await world.ledger.pool.query(`SELECT FROM ${table} WHERE account_id = $1`, [
      owner.account_id,
    ]);
    expect(rows).toEqual([]);
  }
});
