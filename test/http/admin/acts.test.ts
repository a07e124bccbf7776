import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { actEndpoints } from '../../../src/http/routes/admin/acts/route.js';
import { anEvent } from '../../support/events.js';
import { eventually } from '../../support/eventually.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

let world: AdminServer;
let admin: string;
beforeAll(async () => {
  world = await startAdminServer();
  admin = await world.as('admin');
  // Calls and front ends are nobody's acts.
  await world.ledger.given(
    anEvent('account-registered'),
    anEvent('token-issued'),
    anEvent('payment-credited'),
    anEvent('consumption-recorded'),
  );
  await call('POST', '/operators', { name: 'ann', role: 'auditor', password: 'a first password' });
  await call('PATCH', '/operators/ann', { role: 'finance' });
  await call('PUT', '/settings/hold_policy', { value: 'reject' });
  await call('PATCH', '/operators/ann', { enabled: false, reason: '=1+1 left' });
  await eventually(async () => (await acts()).length === 5);
}, 60_000);
afterAll(() => world.close());
const call = (method: string, path: string, body?: unknown) => world.call(admin, method, path, body);
type Act = Record<'actor' | 'type' | 'stream' | 'reason' | 'request_id', string | null> & {
  readonly id: number;
  readonly changes: readonly { fact: string; before: string | null; after: string | null }[];
};
const acts = async (query = ''): Promise<readonly Act[]> => {
  const { status, body } = await call('GET', `/acts${query}`);
  expect(status).toBe(200);
  expect(actEndpoints[0]?.data.safeParse(body.data).error).toBeUndefined();
  return body.data.acts as readonly Act[];
};

describe('acts', () => {
  it('are all that operators and whoever was at the machine did, with what it was and is, the newest first', async () => {
    const found = await acts();
    expect(found.map(({ actor, type, stream }) => [actor, type, stream])).toEqual([
      ['operator:admin', 'operator-disabled', 'operator-ann'],
      ['operator:admin', 'setting-changed', 'setting-hold_policy'],
      ['operator:admin', 'operator-role-changed', 'operator-ann'],
      ['operator:admin', 'operator-created', 'operator-ann'],
      ['cli', 'operator-created', 'operator-admin'],
    ]);
    const [disabled, setting, role] = found;
    expect(disabled).toMatchObject({
      reason: '=1+1 left',
      changes: [{ fact: 'enabled', before: 'true', after: 'false' }],
      request_id: expect.any(String),
    });
    expect(setting?.changes).toEqual([{ fact: 'value', before: 'null', after: 'reject' }]);
    expect(role?.changes).toEqual([{ fact: 'role', before: 'auditor', after: 'finance' }]);
  });

  it('are filtered by who, what, the thing and days, and come page by page', async () => {
    const typesOf = async (query: string) => (await acts(query)).map(({ type }) => type);
    expect(await typesOf('?actor=cli')).toEqual(['operator-created']);
    expect(await typesOf('?type=setting-changed')).toEqual(['setting-changed']);
    expect(await typesOf('?stream=operator-ann&limit=2')).toEqual([
      'operator-disabled',
      'operator-role-changed',
    ]);
    expect(await typesOf('?to=2020-01-01')).toEqual([]);
    expect(await typesOf('?from=2020-01-01&limit=1')).toEqual(['operator-disabled']);
    const { body } = await call('GET', '/acts?limit=3');
    expect(body.data).toMatchObject({ total: 5, total_capped: false });
    const rest = await acts(`?cursor=${body.data.next_cursor}`);
    expect(rest.map(({ id }) => id)).toEqual((await acts()).slice(3).map(({ id }) => id));
    expect((await call('GET', '/acts?type=nothing')).status).toBe(400);
  });

  it('are written as CSV whole, and no cell of it is a formula', async () => {
    const { status, text, headers } = await call('GET', '/acts/export?stream=operator-ann');
    expect([status, headers.get('content-disposition')]).toEqual([200, 'attachment; filename="acts.csv"']);
    const lines = text.trim().split(/\r?\n/);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain('id,time,actor,type,stream,changes,reason,request_id');
    expect(lines[1]).toContain(
      `,operator:admin,operator-disabled,operator-ann,enabled: true -> false,'=1+1 left,`,
    );
  });

  it('are verified with the rest of the books', async () => {
    await world.ledger.pool.query(
      'DELETE FROM p_acts.acts WHERE position = (SELECT max(position) FROM p_acts.acts)',
    );
    const started = await call('POST', '/jobs', { type: 'verify' });
    let job = started.body.data;
    await eventually(async () => {
      job = (await call('GET', `/jobs/${job.id}`)).body.data;
      return job.state !== 'running';
    });
    expect(job.outcome).toMatchObject({
      clean: false,
      drift: 1,
      differences: [{ check: 'acts of operators' }],
    });
  });
});
