import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, createCustomer, type Customer } from '../acceptance/support/clients.js';
import { Deployment, type Service } from '../acceptance/support/deployment.js';
import { allProjections } from '../../src/projections/all-projections.js';
import { Commands } from '../support/commands.js';
import { counterfoil } from '../support/counterfoil.js';
import { eventually } from '../support/eventually.js';

const commands = new Commands();
afterAll(() => commands.close());

interface Result {
  readonly projection: string;
  readonly events: number;
  readonly equal: boolean;
  readonly swapped: boolean;
}

describe('counterfoil rebuild beside a running service', () => {
  let deployment: Deployment;
  let service: Service;
  let customer: Customer;

  const rebuild = async (...args: string[]) => {
    const { code, stdout, stderr } = await commands.run(['rebuild', ...args], deployment.environment);
    return { code, stdout, stderr };
  };
  const drift = async () => {
    const { stdout } = await commands.run(['verify', '--json'], deployment.environment);
    return (JSON.parse(stdout) as { drift: number }).drift;
  };

  beforeAll(async () => {
    deployment = await Deployment.open({ cache: 'redis' });
    service = await deployment.start('service');
    customer = await createCustomer(service.url, 100);
    for (let calls = 0; calls < 20; calls++)
      expect((await call(service.url, customer.accessKey)).status).toBe(200);
  }, 120_000);
  afterAll(() => deployment?.close());

  it('rebuilds all while calls are served, and the books are in order afterwards', async () => {
    let serving = true;
    const served = (async () => {
      const statuses = new Set<number>();
      while (serving) statuses.add((await call(service.url, customer.accessKey)).status);
      return statuses;
    })();
    const { code, stdout, stderr } = await rebuild('all', '--json').finally(() => (serving = false));
    expect(await served).toEqual(new Set([200]));
    const results = JSON.parse(stdout) as Result[];
    expect({ code, results: results.map(({ equal, swapped }) => ({ equal, swapped })) }).toEqual({
      code: 0,
      results: Array.from({ length: allProjections('UTC').length }, () => ({ equal: true, swapped: true })),
    });
    expect(stderr).toMatch(/balance: [\d,]+ events applied, equal at position \d+, swapped in/);
    expect((await call(service.url, customer.accessKey)).status).toBe(200);
    expect(await eventually(async () => (await drift()) === 0, { timeoutMs: 20_000 })).toBe(true);
  });

  it('names both digests and ends with 1 where a table is not what the log says; --accept repairs it', async () => {
    await deployment.database.pool.query('UPDATE p_payments.payments SET quota = quota + 1');
    const compared = await rebuild('payments', '--verify');
    expect(compared.code).toBe(1);
    expect(compared.stdout).toMatch(/payments .* ([0-9a-f]{32}) .* (?!\1)[0-9a-f]{32} .* NO/);
    expect((await rebuild('payments')).code).toBe(1);
    expect(await drift()).toBeGreaterThan(0);
    expect((await rebuild('payments', '--accept')).code).toBe(0);
    const again = await rebuild('payments', '--verify');
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/1 equal, 0 different, 0 swapped in/),
    });
    expect(await drift()).toBe(0);
  });

  it('is refused while another one of the same projection runs, and goes on after a kill -9', async () => {
    const holder = await deployment.database.pool.connect();
    const position = async (slot: string) => {
      const { rows } = await deployment.database.pool.query<{ position: bigint }>(
        `SELECT position FROM projection_checkpoints WHERE projection = 'journal' AND slot = $1`,
        [slot],
      );
      return rows[0]?.position;
    };
    try {
      // Whoever holds the live checkpoint keeps the rebuild from comparing: it stays where it is until it is killed.
      await holder.query('BEGIN');
      await holder.query(
        `SELECT 1 FROM projection_checkpoints WHERE projection = 'journal' AND slot = 'live' FOR UPDATE`,
      );
      const killed = spawn(process.execPath, ['dist/cli/main.js', 'rebuild', 'journal'], {
        env: { PATH: process.env.PATH, ...deployment.environment },
        stdio: 'ignore',
      });
      await eventually(async () => (await position('next')) === (await position('live')), {
        timeoutMs: 20_000,
      });
      const second = await rebuild('journal');
      expect(second).toMatchObject({ code: 2, stderr: 'journal is being rebuilt by another program\n' });
      killed.kill('SIGKILL');
      await once(killed, 'exit');
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
    expect((await call(service.url, customer.accessKey)).status).toBe(200);
    const resumed = await eventually(
      async () => {
        const { code, stdout, stderr } = await rebuild('journal', '--json');
        const [result] = JSON.parse(stdout) as Result[];
        if (code !== 0 || !result) throw new Error(stderr);
        return result;
      },
      { timeoutMs: 20_000 },
    );
    expect(resumed).toMatchObject({ equal: true, swapped: true });
    expect(resumed.events).toBeLessThan(10);
    expect(await drift()).toBe(0);
  });

  it('refuses what it cannot compare or does not know', async () => {
    expect(await rebuild('nothing')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /no projection nothing; there are accounts, balance, .*statistics, acts, and all/,
      ),
    });
    expect((await rebuild('all', '--verify', '--accept')).code).toBe(2);
    const environment = { ...deployment.environment, LEDGER_TIMEZONE: 'Asia/Shanghai' };
    const { code, stderr } = await commands.run(['rebuild', 'statistics'], environment);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--accept') });
  });

  it('ends with 3 when it cannot connect', async () => {
    const environment = { ...deployment.environment, DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' };
    expect((await counterfoil(['rebuild', 'all'], environment)).code).toBe(3);
  });
});
