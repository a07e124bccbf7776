import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reconcileUpstream } from '../../src/finance/upstream/reconcile-upstream.js';
import { createLedger, type Ledger } from '../projections/projector-setup.js';
import { counterfoil } from '../support/counterfoil.js';
import { anEvent } from '../support/events.js';

const fixture = (name: string) => `test/finance/fixtures/${name}`;
const period = {
  from: new Date('2026-11-01T00:00:00Z'),
  to: new Date('2026-12-01T00:00:00Z'),
  timezone: 'UTC',
};

describe('what an upstream billed beside what we charged', () => {
  let ledger: Ledger;
  let now = new Date(0);

  beforeAll(async () => {
    ledger = await createLedger(() => now);
    await ledger.start();
    const call = async (upstream_request_id: string | null, started_at: string, channel_id = 'main') => {
      now = new Date(Date.parse(started_at) + 2_000);
      await ledger.given(anEvent('consumption-recorded.v2', { upstream_request_id, started_at, channel_id }));
    };
    now = new Date('2026-10-01T00:00:00Z');
    await ledger.given(anEvent('account-registered.v1'));
    await call('up-0', '2026-10-31T12:00:00Z');
    await call('up-1', '2026-11-10T10:00:00Z');
    await call('up-2', '2026-11-10T11:00:00Z');
    await call('up-4', '2026-11-12T09:00:00Z');
    await call(null, '2026-11-13T09:00:00Z', 'other');
    await call('up-5', '2026-12-01T00:00:00.100Z');
    now = new Date('2026-11-20T00:00:00Z');
    await ledger.given(anEvent('consumption-corrected.v1'));
  });
  afterAll(() => ledger.close());

  const reconcile = (name: string, overrides: Partial<Parameters<typeof reconcileUpstream>[1]> = {}) =>
    reconcileUpstream(
      { store: ledger.store, db: ledger.database.pool },
      {
        path: fixture(name),
        period,
        channels: [],
        byDay: false,
        models: new Map(),
        onProgress: () => undefined,
        ...overrides,
      },
    );

  it('by request id: what differs, and the margin by model', async () => {
    const report = await reconcile('upstream-by-id.csv');
    expect(
      report.rows.map((row) => [row.class, row.request_id, row.cost_usd, row.charge_usd, row.note].join(' ')),
    ).toEqual([
      'tokens-differ up-2 0.00002 0.000054 ',
      'missing-here up-3 0.00003 0 ',
      'missing-there up-4 0 0.000054 ',
      'missing-there  0 0.000054 upstream named no request',
      'duplicate up-1 0.00001 0 billed twice: also on line 2',
      'timing up-5 0.00001 0.000054 here outside of the period',
    ]);
    expect(report.facts).toMatchObject({ by: 'request id', rows: 5, matched: 1, timing: 1 });
    expect(report.isClean).toBe(false);
    expect(report.totals).toEqual([
      expect.objectContaining({ model: '(corrections)', calls_here: 0, charge_usd: '-0.000014' }),
      {
        model: 'qwen-turbo',
        calls_there: 5,
        calls_here: 4,
        prompt_there: 61,
        prompt_here: 56,
        completion_there: 79,
        completion_here: 72,
        cost_usd: '0.00008',
        charge_usd: '0.000216',
        margin_usd: '0.000136',
        margin_percent: '62.9',
      },
    ]);
  });

  it('by day and model where the file names no requests, with the names of one channel and its models', async () => {
    const report = await reconcile('upstream-by-day.csv', {
      channels: ['main'],
      models: new Map([['qwen-turbo-2026-01-01', 'qwen-turbo']]),
    });
    expect(report.isClean).toBe(true);
    expect(report.rows.map((row) => [row.class, row.day, row.model, row.margin_usd].join(' '))).toEqual([
      'matched 2026-11-10 qwen-turbo 0.000088',
      'matched 2026-11-12 qwen-turbo 0.000044',
    ]);
    const asked = await reconcile('upstream-by-id.csv', { byDay: true });
    expect(asked.rows[0]).toMatchObject({
      class: 'tokens-differ',
      day: '2026-11-10',
      calls_there: 3,
      calls_here: 2,
    });
    const unnamed = await reconcile('upstream-by-day.csv');
    expect(unnamed.rows.map((row) => [row.class, row.day].join(' '))).toEqual([
      'missing-here 2026-11-10',
      'missing-here 2026-11-12',
      'missing-there 2026-11-10',
      'missing-there 2026-11-12',
      'missing-there 2026-11-13',
    ]);
  });

  it('through the command: an empty log has none of it; a wrong file ends with 2', async () => {
    const environment = {
      DATABASE_URL: ledger.database.url,
      MASTER_KEY: Buffer.alloc(32, 3).toString('base64'),
    };
    const month = ['--from', '2026-11-01', '--to', '2026-11-30'];
    const run = (...args: readonly string[]) => counterfoil(['reconcile', ...args], environment);
    const { code, stdout } = await run(
      '--upstream',
      fixture('upstream-by-day.csv'),
      ...month,
      '--report',
      'csv',
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\uFEFFclass,day,model,calls_there[^]*missing-here,2026-11-10,/);
    const wrong = await run('--upstream', fixture('generic.csv'), ...month);
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/generic\.csv, line 1: this is not the header of a usage table/),
    });
    expect(await run(...month)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--psp and --upstream/),
    });
    expect(await run('--psp', 'a', '--upstream', 'b', ...month)).toMatchObject({ code: 2 });
  });
});
