import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Usage, usageFrom } from '../../../../src/domain/pricing/usage.js';
import { openUsageFile } from '../../../../src/books/reconcile/upstream/read-usage-file.js';
import { reconcileUpstream } from '../../../../src/books/reconcile/upstream/reconcile-upstream.js';
import { createLedger, type Ledger } from '../../../projections/projector-setup.js';
import { counterfoil } from '../../../support/counterfoil.js';
import { anEvent } from '../../../support/events.js';
import { keepLogInDatabase } from '../../../support/kept-log.js';

const MASTER_KEY = Buffer.alloc(32, 3);
const fixture = (name: string) => `test/books/reconcile/fixtures/${name}`;
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
      await ledger.given(anEvent('consumption-recorded', { upstream_request_id, started_at, channel_id }));
    };
    now = new Date('2026-10-01T00:00:00Z');
    await ledger.given(anEvent('account-registered'));
    await call('up-0', '2026-10-31T12:00:00Z');
    await call('up-1', '2026-11-10T10:00:00Z');
    await call('up-2', '2026-11-10T11:00:00Z');
    await call('up-4', '2026-11-12T09:00:00Z');
    await call(null, '2026-11-13T09:00:00Z', 'other');
    await call('up-5', '2026-12-01T00:00:00.100Z');
    now = new Date('2026-11-20T00:00:00Z');
    await ledger.given(anEvent('consumption-corrected'));
    const used = async (id: string, model: string, counts: Partial<Usage>) => {
      const started_at = '2027-01-10T10:00:00Z';
      now = new Date(Date.parse(started_at) + 2_000);
      const usage = usageFrom({ prompt_tokens: 5, ...counts });
      const about = { upstream_request_id: id, upstream_model: model, started_at, usage };
      await ledger.given(anEvent('consumption-recorded', about));
    };
    await used('pictures', 'image-model', { images: 2 });
    await used('sound', 'whisper', { media_ms: 61_400 });
    await used('speech', 'tts', { characters: 120 });
    await used('rerank', 'rerank', { searches: 3 });
    await keepLogInDatabase(ledger, MASTER_KEY);
  });
  afterAll(() => ledger.close());

  const reconcile = async (
    path: string,
    overrides: Partial<Omit<Parameters<typeof reconcileUpstream>[1], 'files'>> = {},
  ) =>
    reconcileUpstream(
      { store: ledger.store, db: ledger.database.pool },
      {
        files: [await openUsageFile(path)],
        period,
        channels: [],
        byDay: false,
        byChannel: false,
        models: new Map(),
        onProgress: () => undefined,
        ...overrides,
      },
    );

  it('by request id: what differs, and the margin by model', async () => {
    const report = await reconcile(fixture('upstream-by-id.csv'));
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
    const report = await reconcile(fixture('upstream-by-day.csv'), {
      channels: ['main'],
      models: new Map([['qwen-turbo-2026-01-01', 'qwen-turbo']]),
    });
    expect(report.isClean).toBe(true);
    expect(report.rows.map((row) => [row.class, row.day, row.model, row.margin_usd].join(' '))).toEqual([
      'matched 2026-11-10 qwen-turbo 0.000088',
      'matched 2026-11-12 qwen-turbo 0.000044',
    ]);
    const asked = await reconcile(fixture('upstream-by-id.csv'), { byDay: true });
    expect(asked.rows[0]).toMatchObject({
      class: 'tokens-differ',
      day: '2026-11-10',
      calls_there: 3,
      calls_here: 2,
    });
    const unnamed = await reconcile(fixture('upstream-by-day.csv'));
    expect(unnamed.rows.map((row) => [row.class, row.day].join(' '))).toEqual([
      'missing-here 2026-11-10',
      'missing-here 2026-11-12',
      'missing-there 2026-11-10',
      'missing-there 2026-11-12',
      'missing-there 2026-11-13',
    ]);
  });

  describe('in units beside tokens', () => {
    let folder: string;
    beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'counterfoil-units-'))));
    afterAll(() => rm(folder, { recursive: true }));
    const january = { from: new Date('2027-01-01'), to: new Date('2027-02-01'), timezone: 'UTC' };
    const of = async (text: string) => {
      const path = join(folder, 'units.csv');
      await writeFile(path, text);
      return reconcile(path, { period: january });
    };

    it('compares those the file has, sound to the second, and shows them', async () => {
      const head = 'request_id,time,model,images,seconds,characters,search_units,cost_usd';
      const at = '2027-01-10 10:00:00';
      const rows = [`pictures,${at},image-model,2,,,,0.08`, `sound,${at},whisper,,61,,,0.006`];
      const more = [`speech,${at},tts,,,120,,0.01`, `rerank,${at},rerank,,,,3,0.006`];
      const report = await of([head, ...rows, ...more].join('\n'));
      expect([report.isClean, report.facts.matched]).toEqual([true, 4]);
      expect(report.columns).toEqual(
        expect.arrayContaining(['images_there', 'seconds_here', 'searches_here']),
      );
      expect(report.totals).toMatchObject([
        { model: 'image-model', images_there: 2, images_here: 2 },
        { model: 'rerank', searches_there: 3, searches_here: 3 },
        { model: 'tts', characters_there: 120, characters_here: 120 },
        { model: 'whisper', seconds_there: 61, seconds_here: 61.4 },
      ]);
      const other = [`pictures,${at},image-model,3,,,,0.12`, `sound,${at},whisper,,63.5,,,0.006`];
      const differing = await of([head, ...other, ...more].join('\n'));
      expect(
        differing.rows.map((row) => [row.class, row.model, row.images_there, row.seconds_there]),
      ).toEqual([
        ['units-differ', 'image-model', 3, 0],
        ['units-differ', 'whisper', 0, 63.5],
      ]);
    });

    it('by day too, and with tokens where the file has them', async () => {
      const head = 'date,model,num_images,input_tokens,output_tokens,cost';
      const report = await of(`${head}\n2027-01-10,image-model,2,4,0,0.08`);
      expect(report.rows[0]).toMatchObject({ class: 'tokens-differ', prompt_there: 4, prompt_here: 5 });
      expect(await of(`${head}\n2027-01-10,image-model,1,5,0,0.08`)).toMatchObject({
        rows: [{ class: 'units-differ' }, { class: 'missing-there' }, {}, {}],
      });
    });

    it.each([
      ['neither tokens nor units', 'time,model,cost\n', 'or images, seconds, characters, searches'],
      ['half a picture', 'time,model,images,cost\n2027-01-10,m,1.5,1', 'images: is no whole number'],
      [
        'time that runs back',
        'time,model,seconds,cost\n2027-01-10,m,-1,1',
        'seconds: is no number of seconds',
      ],
      [
        'no tokens in a row of a file of tokens',
        'time,model,prompt_tokens,completion_tokens,cost\n2027-01-10,m,,1,1',
        'prompt_tokens: is no whole number',
      ],
    ])('refuses %s', async (_, text, fault) => {
      await expect(of(text)).rejects.toThrow(fault);
    });
  });

  it('through the command: an empty log has none of it; a wrong file ends with 2', async () => {
    const environment = {
      DATABASE_URL: ledger.database.url,
      MASTER_KEY: MASTER_KEY.toString('base64'),
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
