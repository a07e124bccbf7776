import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { createCustomer } from '../acceptance/support/clients.js';
import { Deployment } from '../acceptance/support/deployment.js';
import { type AsAdmin, signInAdmin } from '../acceptance/support/operator.js';
import { eventually } from '../support/eventually.js';
import { asAdmin } from './support/admin.js';
import { type Choice, openBrowser, type Watched } from './support/browser.js';
import { faultsOf, pageOf } from './support/looks.js';
import { asPerson, fund, registerPerson, spendSome } from './support/people.js';
import { at, type Open } from './support/visit.js';

// Every page of the consoles on a real service, in a real browser: both languages, both themes, wide and narrow.

/** A page is looked at eight times; an idle machine needs a tenth of it. */
const LOOKS_MS = 180_000;

let deployment: Deployment;
let browser: Browser;
let url: string;
let admin: AsAdmin;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  [{ url }, browser] = await Promise.all([deployment.start('pages'), openBrowser()]);
  admin = await signInAdmin(deployment, url);
  await registerPerson(url, admin);
  await useSome();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
});

/** Charges of two models, so that there is something to be seen. */
async function useSome(): Promise<void> {
  const { accessKey } = await createCustomer(url, 1);
  for (const model of ['per-call', 'per-call', 'gpt-4o-mini']) {
    const reply = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
    });
    expect([reply.status, await reply.text()]).toEqual([200, expect.any(String)]);
  }
  await eventually(async () => (await admin('GET', '/usage')).total.requests === 3);
}

it('a person says what they are called, and is written to in the language that they choose', async () => {
  const choice = { language: 'en', theme: 'light' } as const;
  const open = asPerson('/portal/settings');
  const { watched } = await pageOf(browser, url, open.who, choice, [401]);
  await open(watched, choice);
  const { page } = watched;
  await page.getByLabel('Called').fill('Reader of stubs');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const self = () => page.evaluate<string>(`fetch('/api/user/self').then((reply) => reply.text())`);
  await eventually(async () => (await self()).includes('"display_name":"Reader of stubs"'));
  for (const [label, spoken] of [
    ['Language, also of mails to you', 'zh'],
    ['语言（邮件也使用）', 'en'],
  ] as const) {
    await page.getByLabel(label).selectOption(spoken);
    await eventually(async () => (await self()).includes(`"language":"${spoken}"`));
  }
});

describe('every page in every look', () => {
  it.each<readonly [string, Open]>([
    ['models and prices', at('/portal/models')],
    ['models, none found', at('/portal/models?q=there-is-no-such-model')],
    ['sign in', at('/portal/sign-in')],
    ['register', at('/portal/register')],
    ['verify', at('/portal/verify#a-link')],
    ['forgot', at('/portal/forgot')],
    ['reset', at('/portal/reset#a-link')],
    ['settings', asPerson('/portal/settings')],
    ['home of a newcomer', asPerson('/portal')],
    ['keys, none yet', asPerson('/portal/keys')],
    ['a key is made', asPerson('/portal/keys?create=true')],
    ['connect', asPerson('/portal/connect?tool=codex')],
    ['playground', asPerson('/portal/playground')],
    ['usage of one’s own, none yet', asPerson('/portal/usage')],
    ['logs, none yet', asPerson('/portal/logs')],
    ['logs, none found', asPerson('/portal/logs?type=refund')],
    ['alerts', asPerson('/portal/alerts')],
    ['billing, nothing yet', asPerson('/portal/billing')],
    ['billing, none found', asPerson('/portal/billing?kind=refund')],
    ['plans, none sold', asPerson('/portal/plans')],
    ['no such page', at('/portal/there-is-no-such-page')],
    ['sign in to Admin', at('/admin/sign-in')],
    ['my account in Admin', asAdmin('/admin/account')],
    ['usage in Admin', asAdmin('/admin/usage')],
    ['usage of days without any', asAdmin('/admin/usage?from=2020-01-01&to=2020-01-31')],
  ])(
    '%s',
    async (_name, open) => {
      // Who is not signed in is told so once, by the API.
      expect(await faultsOf(browser, url, open, [401])).toEqual([]);
    },
    LOOKS_MS,
  );

  it(
    'the mails of a demo',
    async () => {
      const mail = {
        id: 'a',
        kind: 'verify',
        to: 'reader@example.com',
        subject: 'Your address',
        text: `Hello,\n\n${url}/portal/verify#${'x'.repeat(43)}\n`,
        created_at: 1_795_219_200,
      };
      const kept: Open = async (watched, choice) => {
        const json = { success: true, data: { shown: true, mails: [mail] } };
        await watched.page.route('**/api/outbox', (route) => route.fulfill({ json }));
        await at('/portal/outbox')(watched, choice);
        await watched.page.getByText('reader@example.com').waitFor();
        await watched.page.unroute('**/api/outbox');
      };
      expect(await faultsOf(browser, url, kept, [401])).toEqual([]);
    },
    LOOKS_MS,
  );

  it(
    'a failure of the API in the place of data',
    async () => {
      const failing: Open = async ({ page }) => {
        const body = {
          success: false,
          code: 'ledger_unavailable',
          message: 'Out of order',
          request_id: 'req-1',
        };
        await page.route('**/api/pricing', (route) => route.fulfill({ status: 503, json: body }));
        await page.goto('/portal/models');
        await page.getByText('ledger_unavailable').waitFor();
        await page.unroute('**/api/pricing');
      };
      expect(await faultsOf(browser, url, failing, [401, 503])).toEqual([]);
    },
    LOOKS_MS,
  );
});

describe('a look', () => {
  /** A page on which somebody has been at work. */
  const spoilt =
    (how: string): Open =>
    async (watched, choice) => {
      await at('/portal/sign-in')(watched, choice);
      await watched.page.evaluate(how);
    };
  it.each([
    [
      'weak colours in the light',
      `document.querySelector('h1').style.color = 'light-dark(#bbb, #fff)'`,
      /light 1280: color-contrast: <h1/,
    ],
    [
      'weak colours in the dark',
      `document.querySelector('h1').style.color = 'light-dark(#000, #444)'`,
      /dark 375: color-contrast: <h1/,
    ],
    ['a field without a name', `document.querySelector('label').remove()`, /zh 1280: label: <input/],
    [
      'what is too wide',
      `document.querySelector('h1').style.width = '400px'`,
      /zh dark 375: scrolls sideways/,
    ],
  ])(
    'finds %s',
    async (_name, how, fault) => {
      expect(await faultsOf(browser, url, spoilt(how), [401])).toContainEqual(expect.stringMatching(fault));
    },
    LOOKS_MS,
  );
});

describe('every page of the Portal with figures, in every look', () => {
  beforeAll(async () => {
    await fund(admin, 10);
    await spendSome(url);
  });

  it.each([
    '/portal',
    '/portal/keys',
    '/portal/usage',
    '/portal/logs',
    '/portal/logs?model=per-call',
    '/portal/billing',
    `/portal/billing/${new Date().toISOString().slice(0, 'yyyy-mm'.length)}`,
  ])(
    '%s',
    async (path) => {
      expect(await faultsOf(browser, url, asPerson(path), [401])).toEqual([]);
    },
    LOOKS_MS,
  );

  it(
    'why a call cost what it cost, beside the list and as a page',
    async () => {
      const opened = asPerson('/portal/logs');
      const why: Open = Object.assign(
        async (watched: Watched, choice: Choice) => {
          await opened(watched, choice);
          await watched.page.locator('.table tbody th a').first().click();
          await watched.page.locator('.at-side .lines').waitFor();
        },
        { who: opened.who as string },
      );
      expect(await faultsOf(browser, url, why, [401])).toEqual([]);
    },
    LOOKS_MS,
  );

  it('the Playground answers word by word, says what the turn cost as the log does, and is taken along as curl', async () => {
    const choice = { language: 'en', theme: 'light' } as const;
    const open = asPerson('/portal/playground?model=gpt-4o-mini');
    // What a turn cost is asked for until the ledger has it.
    const { watched, faults } = await pageOf(browser, url, open.who, choice, [401, 404]);
    await open(watched, choice);
    const { page, context } = watched;
    await page.getByLabel('Message').fill('Hello');
    await page.getByRole('button', { name: 'Send' }).click();
    const cost = page.locator('.turn .meta', { hasText: 'Cost' }).locator('.money');
    await cost.waitFor();
    expect(await page.locator('.turn .answer').innerText()).not.toBe('');
    const own = async (path: string) =>
      JSON.parse(await page.evaluate<string>(`fetch('${path}').then((reply) => reply.text())`)).data;
    const [newest] = (await own('/api/user/logs?limit=1')).logs;
    expect(newest).toMatchObject({ model: 'gpt-4o-mini', type: 'consume' });
    expect(await cost.innerText()).toBe(`−$${(newest.quota / 500_000).toFixed(6)}`);
    deployment.upstream.stopInTheMiddle();
    await page.getByLabel('Message').fill('And now?');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('.turn:nth-child(2) .answer', { hasText: 'Every' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped. What was made until then is charged.').waitFor();
    deployment.upstream.goOn();
    // The key of a moment is in no list.
    expect((await own('/api/user/keys')).keys).toHaveLength(1);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toContain(`${url}/v1/chat/completions`);
    expect(copied).toContain('"gpt-4o-mini"');
    expect(faults()).toEqual([]);
  });
});

describe('usage in Admin', () => {
  it('has the figures of the API in its tiles, its table and the table of its chart', async () => {
    const { total, series } = await admin('GET', '/usage');
    const choice = { language: 'en', theme: 'light' } as const;
    const open = asAdmin('/admin/usage?measure=requests');
    const { watched, faults } = await pageOf(browser, url, open.who, choice, [401]);
    await open(watched, choice);
    const { page } = watched;
    const tile = page.locator('.stat', { hasText: 'Spent' });
    const spent = await tile.locator('.money').innerText();
    expect(spent).toBe(`$${Number(total.usd).toFixed(6)}`);
    const rows = await page.locator('section:last-of-type .table tbody tr').allInnerTexts();
    expect(rows).toHaveLength(series.length);
    await page.getByText('Show as a table').click();
    const cells = await page.locator('.as-table tbody tr td:last-child').allInnerTexts();
    const counted = cells.map((cell) => Number(cell.replace('–', '0').replaceAll(',', '')));
    expect(counted.reduce((sum, each) => sum + each, 0)).toBe(total.requests);
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    const lines = (await readFile(await (await waiting).path(), 'utf8')).trim().split('\r\n').slice(1);
    const sumOf = (column: number) =>
      lines.reduce((sum, line) => sum + Number(line.split(',').at(column)), 0);
    expect([sumOf(3), sumOf(5)]).toEqual([total.quota, total.requests]);
    expect(faults()).toEqual([]);
  });
});
