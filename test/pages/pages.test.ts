import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { Deployment } from '../acceptance/support/deployment.js';
import { signInAdmin } from '../acceptance/support/operator.js';
import { openBrowser } from './support/browser.js';
import { faultsOf, type Open } from './support/looks.js';

// Every page of the consoles on a real service, in a real browser: both languages, both themes, wide and narrow.

const ADMIN = { name: 'root', password: 'correct horse battery' };

let deployment: Deployment;
let browser: Browser;
let url: string;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  [{ url }, browser] = await Promise.all([deployment.start('pages'), openBrowser()]);
  await signInAdmin(deployment, url);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
});

/** Goes to a path and waits for its heading. */
const at =
  (path: string): Open =>
  async ({ page }) => {
    await page.goto(path);
    await page.locator('h1').waitFor();
    await page.waitForLoadState('networkidle');
  };

const asAdmin =
  (path: string): Open =>
  async ({ page }) => {
    await page.goto(`/admin/sign-in?next=${encodeURIComponent(path)}`);
    await page.locator('input[name=name]').fill(ADMIN.name);
    await page.locator('input[name=password]').fill(ADMIN.password);
    await page.locator('button[type=submit]').click();
    await page.waitForURL(`**${path}`);
    await page.locator('.page-head h1').waitFor();
    await page.waitForLoadState('networkidle');
  };

describe('every page in every look', () => {
  it.each<readonly [string, Open]>([
    ['models and prices', at('/portal/models')],
    ['models, none found', at('/portal/models?q=there-is-no-such-model')],
    ['no such page', at('/portal/there-is-no-such-page')],
    ['sign in to Admin', at('/admin/sign-in')],
    ['my account in Admin', asAdmin('/admin')],
  ])('%s', async (_name, open) => {
    // Who is not signed in is told so once, by the API.
    expect(await faultsOf(browser, url, open, [401])).toEqual([]);
  });

  it('a failure of the API in the place of data', async () => {
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
    };
    expect(await faultsOf(browser, url, failing, [503])).toEqual([]);
  });
});
