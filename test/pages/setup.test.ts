import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { Deployment } from '../acceptance/support/deployment.js';
import { openBrowser, watch } from './support/browser.js';
import { faultsOf } from './support/looks.js';
import { at } from './support/visit.js';

// A ledger that has no operator yet: whoever reads the log of its start makes the first one.

const ADMIN = { name: 'first', password: 'correct horse battery' };

let deployment: Deployment;
let browser: Browser;
let url: string;
let address: string;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  const [service, opened] = await Promise.all([deployment.start('setup'), openBrowser()]);
  browser = opened;
  ({ url } = service);
  const told = service.process.lines.map(({ setup }) => setup).find((setup) => typeof setup === 'string');
  address = String(told).replace(url, '');
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
});

it('the page of the first admin has no fault in any look', async () => {
  expect(address).toMatch(/^\/admin\/setup#/);
  expect(await faultsOf(browser, url, at(address))).toEqual([]);
});

it('makes the first admin, who is signed in, and nobody after them', async () => {
  const { context, page } = await watch(browser, url, undefined, [400, 401, 403]);
  await page.goto(address);
  await page.locator('input[name=name]').fill(ADMIN.name);
  await page.locator('input[name=password]').fill('short');
  await page.locator('button[type=submit]').click();
  await page.locator('.field-error, [role=alert]').first().waitFor();
  await page.locator('input[name=password]').fill(ADMIN.password);
  await page.locator('button[type=submit]').click();
  await page.getByRole('link', { name: 'Add a channel and test it' }).click();
  await page.waitForURL('**/admin/channels/new');
  await page.locator('.page-head h1').waitFor();
  await page.goto('/admin');
  await page.locator('.page-head h1').waitFor();
  // The overview says what is next.
  await page.getByRole('link', { name: 'Go: Let somebody in' }).click();
  await page.waitForURL('**/admin/users');
  await context.close();

  const late = await watch(browser, url, undefined, [401]);
  await late.page.goto(address);
  await late.page.getByRole('link', { name: 'Sign in to Admin' }).waitFor();
  expect(late.faults).toEqual([]);
  await late.context.close();
});
