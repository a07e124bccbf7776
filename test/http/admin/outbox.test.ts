import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { messageId } from '../../../src/reactions/outbox/message.js';
import { PostgresOutbox } from '../../../src/reactions/outbox/postgres-outbox.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

let world: AdminServer;
let operator: string;
const [dead = '', waiting = '', absent = ''] = ['a', 'b', 'c'].map((name) => messageId(name));
beforeAll(async () => {
  world = await startAdminServer();
  operator = await world.as('operator');
  const { pool } = world.ledger;
  const outbox = new PostgresOutbox(pool);
  const message = { receiver: 'hook', kind: 'told', payload: { balance_usd: '0.42' } };
  await outbox.add(pool, [{ ...message, id: dead }], { source: 'a test' });
  const [taken] = await outbox.claim('hook', 1, 60_000);
  if (!taken) throw new Error('nothing was taken');
  await outbox.failed(taken, { reason: 'it answered 503', againInMs: undefined });
  await outbox.add(pool, [{ ...message, id: waiting }], { source: 'another' });
});
afterAll(() => world.close());
const call = (method: string, path: string, body?: unknown) => world.call(operator, method, path, body);
const ids = async (query = '') =>
  (await call('GET', `/outbox${query}`)).body.data.messages.map(({ id }: { id: string }) => id);

it('messages are listed page by page, the newest first, and one is shown with what it says', async () => {
  expect(await ids()).toEqual([waiting, dead]);
  expect(await ids('?state=dead')).toEqual([dead]);
  expect(await ids('?receiver=nobody')).toEqual([]);
  const first = (await call('GET', '/outbox?limit=1')).body.data;
  expect(first.messages).toMatchObject([{ id: waiting, state: 'waiting', source: 'another' }]);
  expect(await ids(`?limit=1&before=${first.next}`)).toEqual([dead]);
  const { data } = (await call('GET', `/outbox/${dead}`)).body;
  expect(data).toMatchObject({ fault: 'it answered 503', payload: { balance_usd: '0.42' } });
});

it('a dead message is sent again by one who is named, and one that waits is given up', async () => {
  expect((await call('POST', `/outbox/${waiting}/retry`)).body.code).toBe('message_not_dead');
  const again = await call('POST', `/outbox/${dead}/retry`);
  expect(again.body.data).toMatchObject({ state: 'waiting', attempts: 0, handled_by: 'operator:operator' });
  expect((await call('POST', `/outbox/${dead}/discard`)).body.data).toMatchObject({ state: 'discarded' });
  expect((await call('POST', `/outbox/${dead}/discard`)).body.code).toBe('message_gone');
  expect((await call('POST', '/outbox/retry', { receiver: 'hook' })).body.data).toEqual({ messages: 0 });
});

it('of what is not there nothing is done', async () => {
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/retry'],
    ['POST', '/discard'],
  ] as const)
    expect((await call(method, `/outbox/${absent}${path}`)).body.code).toBe('message_not_found');
});
