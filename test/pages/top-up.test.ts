import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { Deployment } from '../acceptance/support/deployment.js';
import { signInAdmin } from '../acceptance/support/operator.js';
import { eventually } from '../support/eventually.js';
import { accessibilityFaults } from './support/accessible.js';
import { asAdmin } from './support/admin.js';
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

describe('money that goes back', () => {
  it('is sent by an operator, and the order shows what it takes and how it ended', async () => {
    await page.goto('/portal/top-up');
    const id = await order();
    await page.getByRole('button', { name: /five times/ }).click();
    await credited();
    const admin = await watch(browser, url);
    await asAdmin(`/admin/orders/${id}`)(admin, { language: 'en', theme: 'light' });
    await admin.page.getByRole('button', { name: 'Send money back' }).click();
    const dialog = admin.page.getByRole('dialog');
    await dialog.getByLabel('Amount in CNY').fill('25');
    await dialog.getByLabel('Reason').fill('asked for it');
    await dialog.getByRole('textbox').last().fill(id);
    await dialog.getByRole('button', { name: 'Send money back' }).click();
    const refunds = admin.page.getByRole('region', { name: 'Refunds at the provider' });
    await refunds.locator('.badge.credit', { hasText: 'Went back' }).waitFor();
    await refunds.getByText('25.00 CNY').waitFor();
    expect(await accessibilityFaults(admin.page, 'all')).toEqual([]);
    expect(admin.faults).toEqual([]);
    await admin.context.close();
  });
});

// What docs/how-do-i.md promises of the Portal.
describe('from Home, with three clicks at most', () => {
  let clicks = 0;
  let secret = '';
  const click = async (what: Locator) => {
    clicks += 1;
    await what.click();
  };
  const go = (name: string) =>
    click(page.getByRole('navigation').getByRole('link', { name, exact: true }).first());
  const call = async () => {
    const reply = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }),
    });
    return reply.status;
  };
  beforeEach(async () => {
    await page.goto('/portal');
    await page.locator('h1').waitFor();
    clicks = 0;
  });

  it('a key is made', async () => {
    await go('Keys');
    await click(page.getByRole('button', { name: 'Create key' }).first());
    await page.locator('input[name=name]').fill('laptop');
    await click(page.locator('dialog button[type=submit]'));
    secret = await page.locator('.key-reveal code').innerText();
    expect(clicks).toBeLessThanOrEqual(3);
    expect(await call()).toBe(200);
    await page.getByLabel('I have stored the key').check();
    await page.getByRole('button', { name: 'Done' }).click();
  });

  it('one sees why a call cost what it did', async () => {
    await click(page.locator('tbody tr', { hasText: 'gpt-4o-mini' }).first().getByRole('link'));
    await page.locator('.lines tfoot .figure').first().waitFor();
    expect(clicks).toBeLessThanOrEqual(3);
  });

  it('one finds where a payment is', async () => {
    await go('Top up');
    await click(
      page
        .locator('tbody tr', { has: page.locator('.badge.credit') })
        .first()
        .getByRole('link'),
    );
    await credited();
    expect(clicks).toBeLessThanOrEqual(3);
  });

  it('a key is killed, at once, and that can be undone', async () => {
    await go('Keys');
    await click(page.getByRole('button', { name: 'Actions for laptop' }));
    await click(page.getByRole('menuitem', { name: 'Disable' }));
    await page.getByText('laptop is disabled').waitFor();
    expect(clicks).toBeLessThanOrEqual(3);
    expect(await call()).toBe(401);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The key was enabled.').waitFor();
    expect(await call()).toBe(200);
  });
});

it('has met no error of a script, the policy or the console', () => {
  expect(watched.faults).toEqual([]);
});
