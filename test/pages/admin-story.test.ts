import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { call } from '../acceptance/support/clients.js';
import { Deployment } from '../acceptance/support/deployment.js';
import type { AsAdmin } from '../acceptance/support/operator.js';
import { eventually } from '../support/eventually.js';
import { openBrowser, watch, type Watched } from './support/browser.js';
import { fund, linkInMail } from './support/people.js';
import type { ParsedJson } from '../support/parsed-json.js';

// Whoever starts a ledger: the first admin by the link of the log, a channel that was tested before it was saved, a price tried and published, a
// person invited who calls. Each step is an act, and is found as one.

const TEN_MINUTES_MS = 600_000;
const ADMIN = { name: 'first', password: 'correct horse battery' };
const PERSON = { name: 'invited', email: 'invited@example.com', password: 'a stub of their own' };

let deployment: Deployment;
let browser: Browser;
let url: string;
let admin: AsAdmin;
let watched: Watched;
let page: Page;
let address: string;
let startedAt: number;
let tookMs = Infinity;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  startedAt = performance.now();
  const [service, opened] = await Promise.all([deployment.start('story'), openBrowser()]);
  browser = opened;
  ({ url } = service);
  const told = service.process.lines.map(({ setup }) => setup).find((setup) => typeof setup === 'string');
  address = String(told).replace(url, '');
  // Answers that refuse are part of the story; the browser reports each.
  watched = await watch(browser, url, undefined, [400, 401, 403, 404]);
  ({ page } = watched);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
});

/** The API as the admin of the story, for what a story needs and no page shows. */
async function signedIn(): Promise<AsAdmin> {
  const ask = async (method: string, path: string, body?: object, token = '') => {
    const reply = await fetch(`${url}/api/admin${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
    return ((await reply.json()) as { data: ParsedJson }).data;
  };
  const { token } = await ask('POST', '/login', ADMIN);
  return (method, path, body) => ask(method, path, body, token as string);
}

const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
const dialog = () => page.getByRole('dialog');
const answered = () => dialog().waitFor({ state: 'detached' });
const go = async (path: string) => {
  await page.goto(path);
  await page.locator('.page-head h1').waitFor();
};

describe('an admin', () => {
  it('is made by the link of the first start', async () => {
    await page.goto(address);
    await page.locator('input[name=name]').fill(ADMIN.name);
    await page.locator('input[name=password]').fill(ADMIN.password);
    await page.locator('button[type=submit]').click();
    await page.getByRole('link', { name: 'Add a channel and test it' }).click();
    await page.waitForURL('**/admin/channels/new');
    admin = await signedIn();
  });

  it('tests a channel before it is saved, and enables it', async () => {
    const { channels } = await admin('GET', '/channels');
    await page.getByLabel('Id', { exact: true }).fill('story');
    await page.getByLabel('Name', { exact: true }).fill('Story');
    await page.getByLabel('Address').fill(channels[0].base_url);
    await page.getByLabel('Key', { exact: true }).fill('sk-test-story');
    await page.getByLabel('Models', { exact: true }).fill('gpt-4o-mini');
    await press('Test before saving');
    await page.locator('.banner.credit').waitFor();
    await press('Save and go on to the test');
    await page.waitForURL('**/admin/channels/story');
    await press('Enable');
    await dialog().getByRole('button', { name: 'Enable' }).click();
    await answered();
    for (const { channel_id } of channels)
      await admin('POST', `/channels/${channel_id}/disable`, { reason: 'story' });
  });

  it('tries a price on the calls of the last week, and publishes it', async () => {
    await go('/admin/prices');
    await press('Edit gpt-4o-mini');
    await dialog().getByLabel('Output ratio').fill('5');
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await answered();
    await page.getByText('completion_ratio: 4 → 5').waitFor();
    await page.getByText('No call came in the last 7 days').waitFor();
    await press('Publish version 2');
    await dialog().getByRole('button', { name: 'Publish version 2' }).click();
    await answered();
  });

  it('invites a person, who sets a password by the link of the mail and calls', async () => {
    await go('/admin/users');
    await press('Invite user');
    await dialog().getByRole('button', { name: 'Send invitation' }).click();
    await dialog().locator('.field-error').first().waitFor();
    await dialog().getByLabel('Username').fill(PERSON.name);
    await dialog().getByLabel('E-mail address').fill(PERSON.email);
    await dialog().getByRole('button', { name: 'Send invitation' }).click();
    await answered();
    await page.getByRole('link', { name: PERSON.name }).waitFor();
    const own = await watch(browser, url, undefined, [400, 401]);
    const key = await keyOfInvited(own.page, await linkInMail(admin, 'invite', PERSON.email));
    await fund(admin, 5, PERSON.name);
    await call(url, key, { model: 'gpt-4o-mini' });
    await seesWhy(own.page);
    expect(own.faults).toEqual([]);
    await own.context.close();
  });

  it('has come from a service just started to the explained charge of a newcomer within ten minutes', () => {
    expect(tookMs).toBeLessThan(TEN_MINUTES_MS);
    process.stdout.write(`the ten-minute path, by machine: ${(tookMs / 1_000).toFixed(1)} s\n`);
  });

  it('finds each step among the acts, and the charge by its user', async () => {
    await go('/admin/acts');
    const acts = page.locator('.table tbody tr');
    for (const [what, who] of [
      ['Channel saved', ADMIN.name],
      ['Channel enabled', ADMIN.name],
      ['Prices published', ADMIN.name],
      ['User invited', ADMIN.name],
      ['Balance corrected', ADMIN.name],
    ] as const)
      await acts.filter({ hasText: what }).filter({ hasText: who }).first().waitFor();
    await acts.filter({ hasText: 'Operator added' }).first().waitFor();
    await eventually(async () => (await admin('GET', '/logs?type=consume')).logs.length === 1);
    const { acts: found } = await admin('GET', '/acts?type=price-list-published&actor=operator:first');
    expect(found).toMatchObject([
      { changes: expect.arrayContaining([expect.objectContaining({ before: '4', after: '5' })]) },
    ]);
  });

  it('sees the books agree, with what the person spent in them', async () => {
    await go('/admin/ledger/verify');
    await press('Verify now');
    await page.getByText('The books agree.').waitFor();
    expect(await page.locator('.receipt .lead-figure').textContent()).toBe('0');
    expect(watched.faults).toEqual([]);
  });
});

/** By keyboard and page, as the mail says: the password, and a key of their own. */
async function keyOfInvited(theirs: Page, link: string): Promise<string> {
  await theirs.goto(link);
  await theirs.locator('input[name=password]').fill(PERSON.password);
  await theirs.keyboard.press('Enter');
  await theirs.getByText('The password was set.').waitFor();
  await theirs.goto('/portal/sign-in?next=%2Fportal%2Fkeys%3Fcreate%3Dtrue');
  await theirs.locator('input[name=login]').fill(PERSON.email);
  await theirs.locator('input[name=password]').fill(PERSON.password);
  await theirs.keyboard.press('Enter');
  await theirs.locator('input[name=name]').fill('laptop');
  await theirs.keyboard.press('Enter');
  const key = await theirs.locator('.key-reveal code').innerText();
  await theirs.getByLabel('I have stored the key').press('Space');
  await theirs.getByRole('button', { name: 'Done' }).press('Enter');
  return key;
}

/** On Home, the call and what it cost, line by line. */
async function seesWhy(theirs: Page): Promise<void> {
  await theirs.goto('/portal');
  await theirs.locator('tbody tr', { hasText: 'gpt-4o-mini' }).getByRole('link').press('Enter');
  const lines = theirs.locator('.lines');
  const quota = (text: string) => Number(text.replaceAll(',', '').replace('−', '-'));
  const total = quota(await lines.locator('tfoot .figure').first().innerText());
  const figures = (await lines.locator('tbody .figure').allInnerTexts()).map(quota);
  expect(figures.reduce((sum, each) => sum + each, 0)).toBeCloseTo(total, 6);
  expect(total).toBeGreaterThan(0);
  tookMs = performance.now() - startedAt;
}
