import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomBytes, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { balanceOf, call, createCustomer, type Customer, succeed } from '../acceptance/support/clients.js';
import { Deployment, PER_CALL, type Service } from '../acceptance/support/deployment.js';
import { encodeLine } from '../../src/relay/settlement/spool/line.js';
import { encodeOrigin } from '../../src/relay/settlement/spool/origin.js';
import { aConsumption } from '../support/consumption.js';
import { Commands } from '../support/commands.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const commands = new Commands();
afterAll(() => commands.close());

interface Restored {
  readonly drift: number;
  readonly ledger_id: string;
  readonly generation: number;
  readonly redis_keys_deleted: number;
  readonly charges_set_aside: readonly { readonly call_id: string; readonly in_log: boolean }[];
}

describe('counterfoil backup and restore', () => {
  let deployment: Deployment;
  let service: Service;
  let customer: Customer;
  let folder: string;
  let fresh: TestDatabase;

  const run = async (...args: string[]) => commands.run(args, deployment.environment);
  const key = () => ['--key-file', join(folder, 'key')];
  const target = () => join(folder, 'backup');
  /** The environment of a new server, on the machine of the service. */
  const elsewhere = () => ({
    ...deployment.environment,
    DATABASE_URL: fresh.url,
    DATA_DIR: join(dirname(deployment.environment.DATA_DIR ?? ''), 'service'),
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-cli-backup-'));
    await writeFile(join(folder, 'key'), randomBytes(32).toString('base64'));
    fresh = await createTestDatabase({ empty: true });
    deployment = await Deployment.open({ cache: 'redis' });
    service = await deployment.start('service');
    customer = await createCustomer(service.url, 100);
  }, 120_000);
  afterAll(async () => {
    await deployment?.close();
    await fresh?.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('goes on with what is new in an encrypted folder, and says whether it is whole', async () => {
    expect((await run('backup', target(), ...key(), '--json')).code).toBe(0);
    expect((await call(service.url, customer.accessKey)).status).toBe(200);

    const { stdout } = await run('backup', target(), ...key(), '--json');

    expect(JSON.parse(stdout)).toMatchObject({ new_events: 1, run: 2, encrypted: true });
    expect((await run('backup', target(), ...key(), '--check')).code).toBe(0);
    const without = await run('backup', target(), '--check');
    expect(without).toMatchObject({ code: 2, stderr: expect.stringContaining('--key-file is needed') });
  }, 240_000);

  it('restores after everything was killed: balances of the backup, charges of the spool by name, drift 0', async () => {
    const balance = await balanceOf(service.url, customer);
    const { stdout: written } = await run('backup', target(), ...key(), '--json');
    const lost = { external_user_id: customer.id, amount_usd: 5, payment_id: 'pi-lost' };
    await succeed(service.url, 'POST', '/topup', lost);
    await service.process.kill();
    const { ledger } = JSON.parse(written) as { ledger: { id: string } };
    const origin = { ledgerId: ledger.id, generation: 0, log: 'postgres' };
    const charge = aConsumption();
    await writeFile(
      join(elsewhere().DATA_DIR, 'spool', `host.1.${randomUUID()}.1.spool`),
      encodeOrigin(origin, { position: 3n }) + encodeLine(charge),
    );

    const { code, stdout } = await commands.run(
      ['restore', target(), '--by', 'alice', ...key(), '--json'],
      elsewhere(),
    );

    const restored = JSON.parse(stdout) as Restored;
    expect({ code, restored }).toMatchObject({
      code: 0,
      restored: {
        drift: 0,
        ledger_id: ledger.id,
        generation: 1,
        charges_set_aside: [{ call_id: charge.call_id, in_log: false }],
      },
    });
    expect(restored.redis_keys_deleted).toBeGreaterThan(0);
    const { url } = await deployment.start('service', elsewhere());
    expect(await balanceOf(url, customer)).toBe(balance);
    expect((await call(url, customer.accessKey)).status).toBe(200);
    await eventually(async () => expect(await balanceOf(url, customer)).toBe(balance - PER_CALL));
    expect((await commands.run(['verify'], elsewhere())).code).toBe(0);
  }, 240_000);

  it('does not restore over anything, and says what to do', async () => {
    const { code, stderr } = await commands.run(
      ['restore', target(), '--by', 'alice', ...key()],
      elsewhere(),
    );
    expect(code).toBe(2);
    expect(stderr).toContain('restore into a new database');
  }, 120_000);
});
