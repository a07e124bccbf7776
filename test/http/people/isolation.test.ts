import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { anEvent } from '../../support/events.js';
import { fullPath } from '../../../src/http/areas.js';
import type { BoundEndpoint } from '../../../src/http/endpoint.js';
import { apiEndpoints } from '../../../src/http/routes/endpoints.js';
import { schemaOf } from '../../../src/projections/runtime/projection.js';
import { type Browser, type PeopleServer, startPeopleServer } from '../support/people-server.js';

// Two people, and everything that one of them can ask: with what is the other's in every place of the request.

const MARK = 'of-the-other';
const setup = { actor: 'service-key:1', requestId: 'setup' };
/** The end of an account is asked for last: after it there is nobody left to ask. */
const isEnd = ({ operationId }: BoundEndpoint) => Number(operationId === 'deleteSelf');
const endpoints = apiEndpoints({ minUsd: '0.01', maxUsd: '1' })
  .filter(({ area, access }) => area === 'user' && access === 'person')
  .sort((a, b) => isEnd(a) - isEnd(b));
const reads = endpoints.filter(({ method }) => method === 'get');

let world: PeopleServer;
let one: Browser;
let other: Browser;
/** What is the other's, by the name of a parameter that it could be given as. */
let theirs: Readonly<Record<string, readonly string[]>>;
beforeAll(async () => {
  world = await startPeopleServer();
  [one, other] = [await world.registered('one'), await world.registered(MARK, `${MARK}@example.com`)];
  await other.call('PATCH', '/api/user/self', { display_name: MARK });
  const { token_id } = (await other.call('POST', '/api/user/keys', { name: MARK })).body.data;
  const { external_user_id: externalUserId } = (await other.call('GET', '/api/user/self')).body.data;
  const account = await world.ledger.readModels.account(externalUserId);
  const owner = { account_id: account?.accountId ?? '', user_id: account?.userId ?? 0, token_id };
  const paymentId = `pi_${MARK}`;
  await world.ledger.commands.creditPayment({ externalUserId, amountUsd: '10', paymentId }, setup);
  const charge = anEvent('consumption-recorded', {
    ...owner,
    model: MARK,
    request_id: `req_${MARK}`,
    price_version: 0,
  });
  await world.ledger.given(charge, anEvent('call-failed', { ...owner, model: MARK }));
  const { rows } = await world.ledger.pool.query<{ position: bigint }>(
    `SELECT position FROM ${schemaOf('usage-log')}.log_rows WHERE account_id = $1`,
    [owner.account_id],
  );
  expect(rows).toHaveLength(3);
  const ids = [
    `${token_id}`,
    ...rows.map(({ position }) => position.toString()),
    paymentId,
    charge.data.call_id,
    `${new Date().toISOString().slice(0, 10)}.${MARK}`,
  ];
  theirs = {
    id: ids,
    token_id: [`${token_id}`],
    reference: [paymentId, `req_${MARK}`, charge.data.call_id],
    model: [MARK],
    external_user_id: [externalUserId],
    user_id: [`${owner.user_id}`],
    account_id: [owner.account_id],
  };
});
afterAll(() => world.close());

/** Every address with what is the other's for its parameters, and as its query. */
function requests(each: BoundEndpoint): readonly string[] {
  const path = fullPath(each);
  const month = new Date().toISOString().slice(0, 7);
  const ids = path.includes('{') ? [...(theirs.id ?? []), month] : [''];
  const paths = ids.map((id) => path.replace(/\{[\w-]+\}/, encodeURIComponent(id)));
  if (each.method !== 'get') return paths;
  const queries = Object.entries(theirs).flatMap(([name, values]) =>
    values.map((value) => `?${name}=${encodeURIComponent(value)}`),
  );
  return paths.flatMap((address) => [address, ...queries.map((query) => address + query)]);
}

/** All that can be read of the other, by the other. */
async function state(): Promise<string> {
  const answers: string[] = [];
  for (const each of reads.filter(({ path }) => !path.includes('{'))) {
    const { body, text } = await other.call('GET', fullPath(each));
    // How far the log is moves with whatever is done, and what is of today with the clock.
    answers.push(
      JSON.stringify(body?.data ?? text, (name, value: unknown) =>
        ['position', 'as_of', 'created_at'].includes(name) ? undefined : value,
      ),
    );
  }
  return answers.join('\n');
}

it('there is something of the other to be seen', async () => {
  expect(await state()).toContain(MARK);
  expect(endpoints.length).toBeGreaterThan(8);
});

it.each(endpoints.map((each) => [each.operationId, each] as const))(
  '%s shows nothing of another account, and changes nothing there',
  async (_, each) => {
    const before = await state();
    for (const address of requests(each)) {
      const body = each.method === 'get' ? undefined : {};
      const { status, text } = await one.call(each.method.toUpperCase(), address, body);
      // Also what was asked for is said back in no answer.
      expect([address, text.includes(MARK)]).toEqual([address, false]);
      if (each.path.includes('{id}')) expect([address, [400, 404].includes(status)]).toEqual([address, true]);
    }
    expect(await state()).toBe(before);
  },
);
