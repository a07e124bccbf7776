import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { call, createCustomer, type Customer, succeed } from './support/clients.js';
import { Deployment, type Service } from './support/deployment.js';
import { type AsAdmin, signInAdmin } from './support/operator.js';

let deployment: Deployment;
let api: Service;
let relays: readonly Service[];
let admin: AsAdmin;

beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'redis' });
  const start = (name: string, role: string) => deployment.start(name, { ROLE: role });
  [, api, ...relays] = await Promise.all([
    start('projector', 'projector'),
    start('api', 'api'),
    start('relay-1', 'relay'),
    start('relay-2', 'relay'),
  ]);
  admin = await signInAdmin(deployment, api.url);
}, 180_000);
afterAll(() => deployment?.close());

const token = ({ id, tokenId }: Customer) => ({ external_user_id: id, token_id: tokenId });
const reason = { reason: 'leaked' };

describe('an api process and two relays', () => {
  it.each<[string, string, (customer: Customer) => Promise<unknown>]>([
    [
      'revoking a key on one process stops it on another before the call that revoked it has answered',
      '401 invalid_api_key',
      (customer) => succeed(api.url, 'DELETE', '/token', token(customer)),
    ],
    [
      'disabling a key on one process stops it on another before the call that disabled it has answered',
      '401 key_disabled',
      (customer) => succeed(api.url, 'PATCH', '/token', { ...token(customer), status: 2 }),
    ],
    [
      'revoking a key through /api/admin stops it on every relay before that has answered',
      '401 invalid_api_key',
      ({ tokenId }) => admin('POST', `/keys/${tokenId}/revoke`, reason),
    ],
    [
      'disabling a key through /api/admin stops it on every relay before that has answered',
      '401 key_disabled',
      ({ tokenId }) => admin('POST', `/keys/${tokenId}/disable`, reason),
    ],
    [
      'suspending a user stops the keys on every relay before that has answered',
      '403 account_suspended',
      ({ id }) => admin('POST', `/users/${id}/suspend`, reason),
    ],
  ])('%s', async (_, refusal, stop) => {
    const customer = await createCustomer(api.url, 1_000);
    let stopped = false;
    /** Calls one after the other, from before it is stopped until two have been begun after that. */
    const caller = async (url: string) => {
      const late: string[] = [];
      let passed = 0;
      const started = (async () => {
        while (late.length < 2) {
          const begunAfter = stopped;
          const outcomes = [await outcome(url, customer), await listed(url, customer)];
          if (begunAfter) late.push(...outcomes);
          else if (outcomes[0] === '200') passed += 1;
        }
      })();
      await eventually(() => passed > 0);
      return { late, over: started };
    };
    const callers = await Promise.all(relays.flatMap(({ url }) => [caller(url), caller(url)]));
    await stop(customer);
    stopped = true;
    for (const { late, over } of callers) {
      await over;
      expect(late).toEqual([refusal, refusal]);
    }
  });

  it('the api tells of the calls that run in the relays, and tests a channel for them all', async () => {
    const { accessKey } = await createCustomer(api.url, 1);
    const state = () => admin('GET', '/channels/main/state');
    deployment.upstream.stopInTheMiddle();
    const open = relays.map(({ url }) => call(url, accessKey));
    await eventually(async () => (await state()).running_calls === relays.length, {
      timeoutMs: 20_000,
      intervalMs: 100,
    });
    deployment.upstream.goOn();
    expect((await Promise.all(open)).map(({ status }) => status)).toEqual([200, 200]);
    await eventually(async () => (await state()).running_calls === 0, { timeoutMs: 20_000, intervalMs: 100 });

    const tested = await admin('POST', '/channels/main/test', { model: 'free' });
    expect(tested).toMatchObject({ outcome: 'answered', status: 200, by: 'operator:root' });
    expect(await state()).toMatchObject({
      state: 'in_use',
      last_check: { outcome: 'answered', model: 'free', by: 'operator:root' },
    });
    expect((await state()).response.answered).toBeGreaterThanOrEqual(relays.length);
  });
});

/** Of a call to a model: 200, or status and code of the refusal. */
async function outcome(url: string, { accessKey }: Customer): Promise<string> {
  const { status, text } = await call(url, accessKey);
  return status === 200 ? '200' : `${status} ${codeIn(text)}`;
}

/** The same of a request that holds nothing. */
async function listed(url: string, { accessKey }: Customer): Promise<string> {
  const response = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${accessKey}` } });
  const text = await response.text();
  return response.status === 200 ? '200' : `${response.status} ${codeIn(text)}`;
}

const codeIn = (text: string): string => (JSON.parse(text) as { error: { code: string } }).error.code;
