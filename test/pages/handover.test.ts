import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { Deployment } from '../acceptance/support/deployment.js';
import { type AsAdmin, signInAdmin } from '../acceptance/support/operator.js';
import { succeed } from '../acceptance/support/clients.js';
import { openBrowser, watch } from './support/browser.js';
import { faultsOf } from './support/looks.js';
import { asPerson, PERSON, registerPerson } from './support/people.js';
import { at } from './support/visit.js';

// A front end sends its user to the Portal: the page of its link signs the browser in, once.

const SHOP = 'https://shop.example.com';

let deployment: Deployment;
let browser: Browser;
let url: string;
let key: string;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  [{ url }, browser] = await Promise.all([deployment.start('handover'), openBrowser()]);
  const admin: AsAdmin = await signInAdmin(deployment, url);
  await registerPerson(url, admin);
  await succeed(url, 'POST', '/sync', { external_user_id: 'u1', username: 'brought' });
  const made = await admin('POST', '/service-keys', {
    name: 'shop',
    scopes: ['sessions'],
    return_origins: [SHOP],
  });
  ({ key } = made as { key: string });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
});

/** The address that a front end is told, as a path of this service. */
async function handOver(body: object = {}): Promise<string> {
  const reply = await fetch(`${url}/api/user/external/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ external_user_id: 'u1', page: '/portal/settings', ...body }),
  });
  const { data } = (await reply.json()) as { data: { url: string } };
  return data.url.slice(data.url.indexOf('/portal/'));
}

describe("a front end's link", () => {
  it('leads to its page, signed in, in its language, with the way back and nothing to change a password with', async () => {
    const { context, faults, page } = await watch(browser, url, undefined, [401]);
    const link = await handOver({ return_url: `${SHOP}/account`, locale: 'zh' });
    await page.goto('/portal/models');
    await page.goto(link);
    await page.waitForURL('**/portal/settings');
    await page.getByText('brought').first().waitFor();
    expect(await page.getByRole('link', { name: '返回 shop.example.com' }).getAttribute('href')).toBe(
      `${SHOP}/account`,
    );
    await page.getByText('如需更改登录方式，请直接在这里登录').waitFor();
    expect(await page.locator('input[name=current_password]').count()).toBe(0);
    // The code is in no address that is gone back to.
    await page.goBack();
    expect(new URL(page.url()).pathname).toBe('/portal/models');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('says so where it was used before', async () => {
    const link = await handOver();
    const first = await watch(browser, url, undefined, [401]);
    await first.page.goto(link);
    await first.page.waitForURL('**/portal/settings');
    const second = await watch(browser, url, undefined, [400, 401]);
    await second.page.goto(link);
    await second.page.getByText('You could not be signed in').waitFor();
    expect([...first.faults, ...second.faults]).toEqual([]);
    await first.context.close();
    await second.context.close();
  });

  it('is told from a good one in every look', async () => {
    expect(await faultsOf(browser, url, at('/portal/enter#a-link-of-nobody'), [400, 401])).toEqual([]);
  }, 180_000);

  it('takes nobody out of a session of their own who was not asked', async () => {
    const watched = await watch(browser, url, undefined, [401]);
    const { context, faults, page } = watched;
    await asPerson('/portal/settings')(watched, { language: 'en', theme: 'light' });
    await page.goto(await handOver());
    await page.getByText(`You are signed in as ${PERSON.username}.`).waitFor();
    const name = () =>
      page.evaluate<string>("fetch('/api/auth/me').then((r) => r.json()).then(({ data }) => data.username)");
    expect(await name()).toBe(PERSON.username);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.waitForURL('**/portal/settings');
    expect(await name()).toBe('brought');
    expect(faults).toEqual([]);
    await context.close();
  });
});
