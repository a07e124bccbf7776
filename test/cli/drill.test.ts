import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, createCustomer, type Customer } from '../acceptance/support/clients.js';
import { Deployment, type Service } from '../acceptance/support/deployment.js';
import { signInAdmin } from '../acceptance/support/operator.js';
import { counterfoil } from '../support/counterfoil.js';
import { eventually } from '../support/eventually.js';

interface Drill {
  readonly drift: number;
  readonly same_log: boolean;
  readonly events: number;
  readonly after_backup: { readonly events: number; readonly types: Record<string, number> };
}

describe('counterfoil drill', () => {
  let deployment: Deployment;
  let service: Service;
  let customer: Customer;
  let folder: string;

  const run = async (...args: string[]) => counterfoil(args, deployment.environment);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-cli-backup-'));
    deployment = await Deployment.open({ cache: 'redis' });
    service = await deployment.start('service', { BACKUP_DIR: join(folder, 'jobs') });
    customer = await createCustomer(service.url, 100);
  }, 120_000);
  afterAll(async () => {
    await deployment?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('a drill under load restores what was written: the same log, drift 0, and a list of what came since', async () => {
    let serving = true;
    const served = (async () => {
      const statuses = new Set<number>();
      while (serving) {
        statuses.add((await call(service.url, customer.accessKey)).status);
        await createCustomer(service.url, 1);
      }
      return statuses;
    })();

    const { code, stdout, stderr } = await run('drill', join(folder, 'drill'), '--json').finally(
      () => (serving = false),
    );

    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('is whole') });
    const report = JSON.parse(stdout) as Drill;
    expect(report).toMatchObject({ drift: 0, same_log: true });
    expect(report.events).toBeGreaterThan(5);
    const since = Object.keys(report.after_backup.types);
    expect(since.some((type) => type.startsWith('consumption-recorded.'))).toBe(true);
    expect(await served).toEqual(new Set([200]));
  }, 240_000);

  it('is a job of the service as well, into the folder that its environment names', async () => {
    const admin = await signInAdmin(deployment, service.url);
    const done = async (type: string) => {
      const { id } = await admin('POST', '/jobs', { type });
      return eventually(
        async () => {
          const job = await admin('GET', `/jobs/${id}`);
          return job.state !== 'running' && job;
        },
        { timeoutMs: 120_000, intervalMs: 500 },
      );
    };
    expect(await admin('GET', '/jobs/choices')).toMatchObject({ backups: { encrypted: false } });
    const written = await done('backup');
    expect(written).toMatchObject({ state: 'finished', outcome: { encrypted: false, run: 1 } });
    const drilled = await done('drill');
    expect(drilled).toMatchObject({ state: 'finished', outcome: { clean: true, drift: 0, same_log: true } });
    expect(drilled.outcome.events).toBeGreaterThanOrEqual(written.outcome.events);
    const whole = await run('backup', join(folder, 'jobs'), '--check', '--json');
    expect(JSON.parse(whole.stdout)).toMatchObject({ run: 2, events: drilled.outcome.events });
  }, 240_000);
});
