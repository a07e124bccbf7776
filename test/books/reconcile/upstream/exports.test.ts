import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openUsageFile, readUsageFile } from '../../../../src/books/reconcile/upstream/read-usage-file.js';
import { reconcileUpstream } from '../../../../src/books/reconcile/upstream/reconcile-upstream.js';
import { modelNamed } from '../../../../src/books/reconcile/upstream/same-model.js';
import { type Usage, usageFrom } from '../../../../src/domain/pricing/usage.js';
import { formatDecimal } from '../../../../src/domain/money/decimal.js';
import { createLedger, type Ledger } from '../../../projections/projector-setup.js';
import { anEvent } from '../../../support/events.js';

const fixture = (name: string) => `test/books/reconcile/fixtures/${name}`;
const month = (from: string, to: string) => ({ from: new Date(from), to: new Date(to), timezone: 'UTC' });
const february = month('2027-02-01', '2027-03-01');
const march = month('2027-03-01', '2027-04-01');

describe("exports of upstreams' consoles, as they come", () => {
  let ledger: Ledger;

  beforeAll(async () => {
    let now = new Date('2027-01-01T00:00:00Z');
    ledger = await createLedger(() => now);
    await ledger.start();
    await ledger.given(anEvent('account-registered'));
    const used = async (day: string, upstream_model: string, channel_id: string, counts: Partial<Usage>) => {
      const started_at = `${day}T10:00:00Z`;
      now = new Date(Date.parse(started_at) + 2_000);
      const usage = usageFrom(counts);
      await ledger.given(anEvent('consumption-recorded', { upstream_model, channel_id, started_at, usage }));
    };
    const mini = 'gpt-4o-mini-2024-07-18';
    await used('2027-02-02', mini, 'main', {
      prompt_tokens: 1_200,
      completion_tokens: 400,
      cached_tokens: 1_024,
    });
    await used('2027-02-02', mini, 'spare', { prompt_tokens: 800, completion_tokens: 100 });
    await used('2027-02-04', mini, 'main', { prompt_tokens: 500, completion_tokens: 50 });
    const sonnet = 'claude-sonnet-4-5-20250929';
    await used('2027-03-02', sonnet, 'claude', {
      prompt_tokens: 1_000,
      completion_tokens: 300,
      cached_tokens: 850,
      cache_write_tokens: 40,
      cache_write_1h_tokens: 10,
      searches: 1,
    });
    await used('2027-03-02', sonnet, 'claude', { prompt_tokens: 50, completion_tokens: 20 });
  });
  afterAll(() => ledger.close());

  const reconcile = async (
    names: readonly string[],
    overrides: Partial<Parameters<typeof reconcileUpstream>[1]> = {},
  ) =>
    reconcileUpstream(
      { store: ledger.store, db: ledger.database.pool },
      {
        files: await Promise.all(names.map((name) => openUsageFile(fixture(name)))),
        period: february,
        channels: [],
        byDay: false,
        byChannel: false,
        models: new Map(),
        onProgress: () => undefined,
        ...overrides,
      },
    );

  it.each([
    ['openai-usage.csv', 'OpenAI usage export', 'UTC'],
    ['openai-cost.csv', 'OpenAI cost export', 'UTC'],
    ['openai-cost-by-day.csv', 'OpenAI cost export', 'UTC'],
    ['anthropic-usage.csv', 'Anthropic usage export', 'UTC'],
    ['anthropic-cost.csv', 'Anthropic cost export', 'UTC'],
    ['upstream-by-day.csv', 'usage table', undefined],
  ])('%s is the %s, in days of %s', async (name, title, timezone) => {
    const { layout } = await openUsageFile(fixture(name));
    expect([layout.title, layout.timezone]).toEqual([title, timezone]);
  });

  it('OpenAI, usage and cost of one period together: tokens by kind, ours and theirs, cost and margin by day', async () => {
    const report = await reconcile(['openai-usage.csv', 'openai-cost.csv']);
    expect(report.rows).toEqual([
      expect.objectContaining({
        class: 'tokens-differ',
        day: '2027-02-04',
        prompt_there: 500,
        prompt_here: 500,
        cached_there: 256,
        cached_here: 0,
      }),
      expect.objectContaining({
        class: 'missing-here',
        day: '2027-02-04',
        model: 'web search tool calls',
        cost_usd: '0.01',
      }),
      expect.objectContaining({
        class: 'matched',
        day: '2027-02-02',
        calls_there: 2,
        calls_here: 2,
        prompt_there: 2_000,
        cached_there: 1_024,
        cached_here: 1_024,
        completion_here: 500,
        cost_usd: '0.0005232',
        charge_usd: '0.000108',
        margin_usd: '-0.0004152',
      }),
    ]);
    expect(report.facts).toMatchObject({
      file: 'openai-usage.csv openai-cost.csv',
      layout: 'OpenAI usage export, OpenAI cost export',
      by: 'day and model',
    });
  });

  it('a cost that is not told by model, or has no usage beside it, is not compared, which is no agreement', async () => {
    const byDay = await reconcile(['openai-cost-by-day.csv']);
    expect(byDay.rows.map((row) => [row.class, row.model, row.cost_usd].join(' '))).toEqual([
      'not-compared (all models) 0.0005232',
      'not-compared gpt-4o-mini-2024-07-18 0',
      'not-compared gpt-4o-mini-2024-07-18 0',
    ]);
    const alone = await reconcile(['openai-cost.csv'], { period: month('2027-02-02', '2027-02-03') });
    expect(alone.rows).toMatchObject([
      { class: 'not-compared', cost_usd: '0.0005232', charge_usd: '0.000108' },
    ]);
    expect(alone.isClean).toBe(false);
  });

  it('usage without its cost has no margin, rather than all of the charge', async () => {
    const report = await reconcile(['openai-usage.csv'], { period: month('2027-02-02', '2027-02-03') });
    expect(report).toMatchObject({
      isClean: true,
      totals: [{ calls_there: 2, cost_usd: '', charge_usd: '0.000108', margin_usd: '', margin_percent: '' }],
    });
  });

  it('Anthropic: the prompt is all of its kinds, calls are not counted there, names for people find their model', async () => {
    const report = await reconcile(['anthropic-usage.csv', 'anthropic-cost.csv'], { period: march });
    expect(report.rows).toMatchObject([
      { class: 'missing-here', model: '(web_search)', cost_usd: '0.01' },
      {
        class: 'matched',
        day: '2027-03-02',
        model: 'claude-sonnet-4-5-20250929',
        calls_there: null,
        calls_here: 2,
        prompt_there: 1_050,
        prompt_here: 1_050,
        cached_there: 850,
        cached_here: 850,
        cache_write_there: 40,
        cache_write_here: 40,
        cache_write_1h_there: 10,
        cache_write_1h_here: 10,
        searches_there: 1,
        searches_here: 1,
        cost_usd: '0.00525',
      },
    ]);
    const named = await reconcile(['anthropic-usage.csv', 'anthropic-cost.csv'], {
      period: march,
      models: new Map([['Claude Sonnet 4.5', 'another']]),
    });
    expect(named.rows).toContainEqual(expect.objectContaining({ model: 'another', cost_usd: '0.00525' }));
  });

  it('the margin by channel in one run: costs of a model that several served are shared, and add up to the bill', async () => {
    const { totals } = await reconcile(['openai-usage.csv', 'openai-cost.csv'], {
      byChannel: true,
      period: month('2027-02-02', '2027-02-05'),
    });
    expect(totals).toMatchObject([
      { channel: 'main', model: 'gpt-4o-mini-2024-07-18', calls_here: 2, cost_by: 'share of tokens' },
      { channel: 'spare', model: 'gpt-4o-mini-2024-07-18', calls_here: 1, cost_by: 'share of tokens' },
      { channel: '(none)', model: 'web search tool calls', cost_usd: '0.01', cost_by: 'no call here' },
    ]);
    const cost = totals.reduce((sum, row) => sum + Number(row.cost_usd), 0);
    expect(cost).toBeCloseTo(0.0105232, 12);
    const claude = await reconcile(['anthropic-usage.csv', 'anthropic-cost.csv'], {
      period: march,
      byChannel: true,
    });
    expect(claude.totals[0]).toMatchObject({ channel: 'claude', cost_usd: '0.00525', cost_by: 'model' });
  });

  it.each<[string, readonly string[], readonly string[], string | undefined]>([
    ['Claude Sonnet 4.5', ['claude-sonnet-4-5-20250929'], [], 'claude-sonnet-4-5-20250929'],
    ['Claude Haiku 3.5', [], ['claude-haiku-3-5'], 'claude-haiku-3-5'],
    ['Claude Opus 4', ['claude-opus-4-1-20250805'], ['claude-opus-4-20250514'], 'claude-opus-4-20250514'],
    ['Claude Opus 4', [], ['claude-opus-4-20250514', 'claude-opus-4'], undefined],
  ])('%s among %j and %j is %s', (name, theirs, ours, expected) => {
    expect(modelNamed(name, theirs, ours)).toBe(expected ?? name);
  });

  describe('that are wrong', () => {
    let folder: string;
    beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'counterfoil-exports-'))));
    afterAll(() => rm(folder, { recursive: true }));
    const rowsOf = async (text: string) => {
      const path = join(folder, 'export.csv');
      await writeFile(path, text);
      const found = [];
      for await (const row of readUsageFile(await openUsageFile(path), 'UTC', () => undefined))
        found.push(row);
      return found;
    };
    const usageHead =
      'start_time,end_time,num_model_requests,model,input_tokens,output_tokens,input_cached_tokens';
    const costHead = 'start_time,amount_value,amount_currency,line_item';

    it.each([
      [
        'a,b,c\n',
        /usage table: .*OpenAI usage export: .*OpenAI cost export: .*Anthropic usage export: .*Anthropic cost export: /,
      ],
      [
        `${usageHead}\n1801526400,1801612800,3,,10,10,0`,
        /line 2: model: is empty: export the usage grouped by model/,
      ],
      [`${usageHead}\n1801526400,1801612800,3,m,1.5,10,0`, /line 2: input_tokens: is no whole number/],
      [`${usageHead}\nlately,1801612800,3,m,1,10,0`, /line 2: start_time: .*is no time/],
      [`${costHead}\n1801526400,1,eur,x`, /line 2: amount_currency: is not USD/],
      [`${costHead}\n1801526400,much,usd,x`, /line 2: amount_value: "much" is no amount/],
    ])('%j', async (text, fault) => {
      await expect(rowsOf(text)).rejects.toThrow(fault);
    });

    it.each([
      ['0E-6176', []],
      ['4.5e-06', ['0.0000045']],
      ['0.000004500000000000000000000000000000000', ['0.0000045']],
      ['1.25E+2', ['125']],
      ['-0.5', ['-0.5']],
    ])('an amount of %s is %j', async (amount, costs) => {
      const rows = await rowsOf(`${costHead}\n1801526400,${amount},usd,"m, input"`);
      expect(rows.map(({ costUsd }) => formatDecimal(costUsd))).toEqual(costs);
    });
  });
});
