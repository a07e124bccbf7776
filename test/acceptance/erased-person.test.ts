import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { counterfoil } from '../support/counterfoil.js';
import { eventually } from '../support/eventually.js';
import { call, succeed } from './support/clients.js';
import { Deployment, type Service } from './support/deployment.js';
import { files, redisContents, tables } from './support/everything.js';
import { type AsAdmin, signInAdmin } from './support/operator.js';

/** In every field that a front end or an operator can write about the person, and nowhere else. */
const PLANTED = 'Wilhelmina';
const planted = (where: string) => `${PLANTED} in ${where}`;

const id = 'user-7';
const owner = { external_user_id: id };

let deployment: Deployment;
let service: Service;
let admin: AsAdmin;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'redis' });
  service = await deployment.start('only', { LOG_LEVEL: 'trace' });
  admin = await signInAdmin(deployment, service.url);
}, 180_000);
afterAll(() => deployment?.close());

const ask = (method: string, path: string, body?: object) => succeed(service.url, method, path, body);

async function plant(): Promise<string> {
  await ask('POST', '/sync', { ...owner, username: `${PLANTED} before` });
  await ask('POST', '/sync', {
    ...owner,
    username: planted('username'),
    display_name: planted('display name'),
    email: `${PLANTED}@example.com`,
    phone: PLANTED,
    wechat_openid: planted('openid'),
    wechat_unionid: planted('unionid'),
    alipay_userid: planted('alipay'),
    aff_code: PLANTED,
    external_data: JSON.stringify({ name: planted('external data') }),
  });
  await ask('POST', '/topup', { ...owner, amount_usd: 10, payment_id: 'pi-7', note: planted('note') });
  const issued = await ask('POST', '/token', {
    ...owner,
    token_name: planted('token name'),
    models: ['per-call', `${PLANTED}-*`],
    allow_ips: ['127.0.0.0/8', '::1', '203.0.113.77'],
  });
  const token = { ...owner, token_id: issued.token_id as number };
  await ask('PATCH', '/token', { ...token, token_name: planted('new token name') });
  const change = { reason: planted('reason of a switch') };
  await admin('POST', `/keys/${token.token_id}/disable`, change);
  await admin('POST', `/keys/${token.token_id}/enable`, change);
  await admin('POST', `/users/${id}/suspend`, { reason: planted('reason of a suspension') });
  await admin('POST', `/users/${id}/reinstate`, { reason: planted('reason of its end') });
  await ask('POST', '/topup/refund', {
    payment_id: 'pi-7',
    refund_id: 're-7',
    amount_usd: 1,
    reason: planted('reason of a refund'),
  });
  for (const [adjustment_id, amount_usd] of [
    ['up', 1],
    ['down', -1],
  ] as const)
    await admin('POST', `/users/${id}/adjust`, {
      adjustment_id,
      amount_usd,
      reason: planted('a correction'),
    });
  return issued.access_key as string;
}

const metrics = async () => (await fetch(`${service.url}/metrics`)).text();

const everything = async () =>
  [await tables(deployment), await files(deployment), await redisContents(deployment)].join('\n');

it('of an erased person nothing that anybody wrote is left, the money is, and the keys are dead', async () => {
  const accessKey = await plant();
  expect(await call(service.url, accessKey, { model: 'per-call' })).toMatchObject({ status: 200 });

  // While the person is known it can all be read, and is nowhere as it was written.
  const known = [
    await ask('GET', `/${id}`),
    await ask('GET', `/${id}/stats`),
    await ask('GET', `/${id}/logs?username=${encodeURIComponent(planted('username'))}`),
    await admin('GET', '/users?q=helmina'),
    await admin('GET', `/keys?q=${encodeURIComponent('NEW token')}`),
  ].map((answer) => JSON.stringify(answer));
  for (const answer of known) expect(answer).toContain(PLANTED);
  expect(known[2]).toContain(planted('note'));
  expect(known[4]).toContain('203.0.113.77');
  const figures = await metrics();
  expect(figures).toContain('# HELP');
  for (const sealed of [PLANTED, '203.0.113.77'])
    for (const text of [await everything(), figures]) expect(text).not.toContain(sealed);

  const args = ['erase-person', id, '--reason', `${PLANTED} asked`, '--by', 'operator-1', '--yes'];
  const erased = await counterfoil(args, deployment.environment);
  expect(erased).toMatchObject({ code: 0 });
  expect(erased.stderr).not.toContain('unsealed');

  expect(await call(service.url, accessKey, { model: 'per-call' })).toMatchObject({ status: 401 });
  await eventually(async () => (await ask('GET', `/${id}`)).status === 3);
  const after = await ask('GET', `/${id}`);
  expect(after).toMatchObject({ username: '', email: '', aff_code: '', current_balance: 8.98 });
  // What a process has opened it may show for half a minute more.
  const reads = [`/${id}/stats`, `/${id}/logs`, '/payments', '/users'];
  await eventually(
    async () => {
      const answers = await Promise.all(reads.map((path) => ask('GET', path)));
      const keys = await admin('GET', `/keys?external_user_id=${id}`);
      return !JSON.stringify([answers, keys]).includes(PLANTED);
    },
    { timeoutMs: 40_000, intervalMs: 500 },
  );
  const keys = await admin('GET', `/keys?external_user_id=${id}`);
  expect(keys.keys).toMatchObject([{ name: '', status: 'revoked' }]);

  expect((await counterfoil(['verify'], deployment.environment)).code).toBe(0);
  const figuresAfter = await metrics();
  expect(await service.process.stop()).toBe(0);
  const left = [await everything(), figuresAfter, service.process.output, erased.stderr].join('\n');
  // What is searched is there to be found: what the books need, and why the person was erased, without the name.
  for (const kept of ['pi-7', 're-7', id, '(erased) asked']) expect(left).toContain(kept);
  for (const gone of [PLANTED, PLANTED.toLowerCase(), '203.0.113.77', Buffer.from(PLANTED).toString('hex')])
    expect(left).not.toContain(gone);
  expect(left.includes(Buffer.from(PLANTED).toString('base64').slice(0, -2))).toBe(false);
}, 240_000);
