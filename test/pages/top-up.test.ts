import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Deployment } from '../acceptance/support/deployment.js';
import { signInAdmin } from '../acceptance/support/operator.js';
import { eventually } from '../support/eventually.js';
import { openBrowser, watch, type Watched } from './support/browser.js';
import { asPerson, registerPerson } from './support/people.js';

// Somebody pays money in: told five times and credited once, with a tab that is closed while paying, and when nothing seems to happen.

let deployment: Deployment;
let browser: Browser;
let watched: Watched;
let page: Page;
let url: string;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  [{ url }, browser] = await Promise.all([
    deployment.start('top-up', { TEST_PAYMENTS: 'on' }),
    openBrowser(),
  ]);
  const admin = await signInAdmin(deployment, url);
  await registerPerson(url, admin);
  watched = await watch(browser, url, undefined, [400, 401]);
  ({ page } = watched);
  await asPerson('/portal')(watched, { language: 'en', theme: 'light' });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
});

/** Orders the preset that is chosen, and comes to the provider's page. @returns the order's id */
async function order(): Promise<string> {
  await page.getByRole('button', { name: /^Pay / }).click();
  await page.waitForURL('**/api/payments/test/*');
  return page.url().split('/').at(-1) ?? '';
}

const credited = () => page.locator('.badge.credit', { hasText: 'Credited' }).first().waitFor();

describe('paying', () => {
  it('is led to from the first step of Home, and shows what an amount gives before it is ordered', async () => {
    await page.getByRole('listitem').getByRole('link', { name: 'Top up' }).click();
    await page.getByText('What you get').waitFor();
    const amounts = await page.locator('.choices:not(.lines) b').allInnerTexts();
    expect(amounts.map((text) => text.replace(/[^\d,]/g, ''))).toEqual([
      '50',
      '100',
      '150',
      '200',
      '300',
      '500',
      '1,000',
      '',
    ]);
    await page.getByRole('radio', { name: /^Custom/ }).check();
    await page.getByLabel('Another amount').fill('0.001');
    await page.locator('.field-error').waitFor();
    await page.getByLabel('Another amount').fill('123.45');
    await page.getByRole('button', { name: /Pay .*123\.45/ }).waitFor();
  });

  it('ends where the money is credited, once, though the provider says so five times', async () => {
    await page.locator('.choice', { hasText: '100' }).first().click();
    await order();
    await page.getByRole('button', { name: /five times/ }).click();
    await page.waitForURL('**/portal/top-up/*');
    await credited();
    expect(await page.locator('.steps li.done').count()).toBe(3);
    await page.getByRole('link', { name: 'See it in the bill' }).click();
    await page.getByText('1 of 1 rows').waitFor();
  });
});

describe('a tab that is closed while paying', () => {
  it('is no loss: the order is where one left it, and is credited whoever looks', async () => {
    await page.goto('/portal/top-up');
    const id = await order();
    await page.goto('/portal/models');
    const paid = await fetch(`${url}/api/payments/test/${id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'act=pay',
      redirect: 'manual',
    });
    expect(paid.status).toBe(303);
    await page.goto('/portal/top-up');
    const row = page.locator('tbody tr', { hasText: id });
    await row.locator('.badge.credit').waitFor();
    await row.getByRole('link').click();
    await credited();
  });
});

describe('I paid, but nothing happens', () => {
  it('asks the provider, says what it knows, and credits what it finds', async () => {
    await page.goto('/portal/top-up');
    const id = await order();
    await page.goto(`/portal/topup/${id}`);
    await page.getByRole('button', { name: 'I paid, but nothing happens' }).click();
    await page.getByText('knows of no payment').waitFor();
    await fetch(`${url}/api/payments/test/${id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'act=pay-quietly',
      redirect: 'manual',
    });
    // The provider is asked once in three seconds, however often the button is pressed.
    await eventually(async () => {
      const button = page.getByRole('button', { name: 'I paid, but nothing happens' });
      if (await button.isEnabled({ timeout: 500 }).catch(() => false)) await button.click();
      return page.locator('.badge.credit').isVisible();
    });
    await credited();
  });

  it('lets go of an order, which stays in the list', async () => {
    await page.goto('/portal/top-up');
    const id = await order();
    await page.goto(`/portal/top-up/${id}`);
    await page.getByRole('button', { name: 'Cancel order' }).click();
    await page.locator('.badge.off', { hasText: 'Cancelled' }).waitFor();
    await page.goto('/portal/top-up');
    await page.locator('tbody tr', { hasText: id }).locator('.badge.off').waitFor();
    expect(await page.locator('tbody tr .badge.credit').count()).toBe(3);
  });
});

it('has met no error of a script, the policy or the console', () => {
  expect(watched.faults).toEqual([]);
});
