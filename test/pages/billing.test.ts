import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Deployment } from '../acceptance/support/deployment.js';
import { signInAdmin } from '../acceptance/support/operator.js';
import { openBrowser, watch, type Watched } from './support/browser.js';
import { asPerson, fund, registerPerson, spendSome } from './support/people.js';

// Whoever asks where their money went finds sums that add up, leads from them to the calls, and keeps the month as a file and on paper.

let deployment: Deployment;
let browser: Browser;
let watched: Watched;
let page: Page;
let url: string;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  [{ url }, browser] = await Promise.all([deployment.start('billing'), openBrowser()]);
  const admin = await signInAdmin(deployment, url);
  await registerPerson(url, admin);
  await fund(admin, 10);
  await spendSome(url);
  watched = await watch(browser, url, undefined, [401]);
  ({ page } = watched);
  await asPerson('/portal/billing')(watched, { language: 'en', theme: 'light' });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
});

/** `−$0.020012` as millionths of a dollar. */
function millionths(text: string): number {
  const [, sign, dollars, cents] = /^([+−]?)\$([\d,]+)\.(\d{2,6})$/.exec(text.trim()) ?? [];
  if (dollars === undefined || cents === undefined) throw new Error(`${text} is no amount`);
  return (
    (sign === '−' ? -1 : 1) * (Number(dollars.replaceAll(',', '')) * 1_000_000 + Number(cents.padEnd(6, '0')))
  );
}

const sumOf = (texts: readonly string[]) => texts.map(millionths).reduce((sum, each) => sum + each, 0);

/** What the receipt on the page comes to by its lines, and what it says. */
async function receipt(): Promise<readonly [sum: number, total: number]> {
  const lines = page.locator('.receipt .lines');
  await lines.waitFor();
  const total = millionths(await lines.locator('tfoot .money').innerText());
  return [sumOf(await lines.locator('tbody .money').allInnerTexts()), total];
}

describe('the bill', () => {
  it('has sums whose lines come to the balance, and rows that come to the same', async () => {
    const [sum, total] = await receipt();
    expect(total).toBeGreaterThan(9_000_000);
    expect(sum).toBe(total);
    const rows = page.locator('section.card').first().locator('tbody tr');
    expect(await rows.count()).toBe(3);
    expect(sumOf(await rows.locator('td:nth-child(3)').allInnerTexts())).toBe(total);
  });

  it('shows what is asked for, and clears what nothing is like', async () => {
    await page.getByLabel('Kind').selectOption('refund');
    await page.getByText('Nothing is like that.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByLabel('Kind').selectOption('adjustment');
    await page.getByText('1 of 1 rows').waitFor();
    await page.goBack();
    await page.getByText('3 of 3 rows').waitFor();
  });

  it('opens a movement with its lines, and consumption with what each key spent', async () => {
    await page.getByRole('link', { name: /What it is made of: Adjustment/ }).click();
    await page.locator('.at-side .lines tfoot').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: /What it is made of: per-call/ }).click();
    const row = page.locator('.at-side tbody tr', { hasText: 'laptop' });
    await row.waitFor();
    expect(await row.locator('td').allInnerTexts()).toEqual([
      '1',
      expect.stringMatching(/^\d+$/),
      '−$0.020000',
    ]);
  });

  it('leads from consumption to the calls of that day and model', async () => {
    await page.getByRole('link', { name: 'Its calls' }).click();
    await page.waitForURL(/\/portal\/logs\?.*model=per-call/);
    await page.getByText('1 of 1 rows').waitFor();
    await page.goto('/portal/billing');
    await page.getByRole('link', { name: /^Calls of gpt-4o-mini on / }).click();
    await page.waitForURL(/\/portal\/logs\?.*model=gpt-4o-mini/);
    await page.getByText('1 of 1 rows').waitFor();
  });
});

describe('a month', () => {
  it('opens as a statement whose lines and whose models add up', async () => {
    await page.goto('/portal/billing');
    await page.getByRole('link', { name: /^\d{4}-\d{2}$/ }).click();
    await page.getByRole('heading', { name: /^Statement \d{4}-\d{2}$/ }).waitFor();
    const [sum, total] = await receipt();
    expect(sum).toBe(total);
    const models = page.locator('section.card .table');
    expect(sumOf(await models.locator('tbody .money').allInnerTexts())).toBe(
      millionths(await models.locator('tfoot .money').innerText()),
    );
  });

  it('is a file for spreadsheets whose rows lead from the opening to the closing balance', async () => {
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download CSV' }).click();
    const file = await waiting;
    expect(file.suggestedFilename()).toMatch(/^statement-\d{4}-\d{2}\.csv$/);
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    expect(text.startsWith('\uFEFF')).toBe(true);
    const rows = text
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','));
    const quota = (type: string, column: number) => Number(rows.find((row) => row[1] === type)?.[column]);
    const moved = rows.reduce((sum, row) => sum + Number(row[5]), 0);
    expect(quota('opening', 7) + moved).toBe(quota('closing', 7));
  });

  it('is printed without what surrounds it, light also where the page is dark', async () => {
    await page.evaluate(`document.documentElement.dataset.theme = 'dark'`);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.side').isVisible()).toBe(false);
    expect(await page.locator('.page-head .actions').isVisible()).toBe(false);
    expect(await page.locator('.receipt').isVisible()).toBe(true);
    const ink = await page.evaluate<string>('getComputedStyle(document.querySelector("h1")).color');
    expect(ink).toBe('rgb(23, 32, 28)');
    await page.emulateMedia({ media: null });
  });
});

it('has met no error of a script, the policy or the console', () => {
  expect(watched.faults).toEqual([]);
});
