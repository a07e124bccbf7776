import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Deployment } from '../acceptance/support/deployment.js';
import { signInAdmin } from '../acceptance/support/operator.js';
import { openBrowser, watch } from './support/browser.js';
import { PERSON, registerPerson } from './support/people.js';

// Passkeys with the browser's virtual authenticator. They are bound to a name, so the service is reached by one.

let deployment: Deployment;
let browser: Browser;
let url: string;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  const [service, opened] = await Promise.all([deployment.start('passkeys'), openBrowser()]);
  url = service.url.replace('127.0.0.1', 'localhost');
  browser = opened;
  await registerPerson(service.url, await signInAdmin(deployment, service.url));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
});

/** A device that has a fingerprint, and gives it. */
async function plugIn(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

const signIn = async (page: Page) => {
  await page.goto('/portal/sign-in?next=/portal/settings');
  await page.locator('input[name=login]').fill(PERSON.username);
  await page.locator('input[name=password]').fill(PERSON.password);
  await page.locator('form button[type=submit]').click();
};
const signOut = async (page: Page) => {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/portal/sign-in');
};
const givePassword = (page: Page) => page.locator('input[name=passkey_password]').fill(PERSON.password);
const byPasskey = (page: Page) => page.getByRole('button', { name: 'Sign in with a passkey' }).click();

describe('a passkey', () => {
  it('is added after the password, signs in by itself, once by each answer, and no more once it was removed', async () => {
    const { context, faults, page } = await watch(browser, url, undefined, [401]);
    await plugIn(page);
    await signIn(page);
    await page.locator('input[name=passkey_name]').fill('Laptop');
    await page.locator('input[name=passkey_password]').fill('a wrong password');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByText('The name or the password is wrong').waitFor();
    await givePassword(page);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('rowheader', { name: 'Laptop' }).waitFor();
    await signOut(page);

    const answered = page.waitForRequest('**/api/auth/passkey');
    await page.goto('/portal/sign-in?next=/portal/settings');
    await byPasskey(page);
    await page.getByRole('cell', { name: 'Passkey', exact: true }).waitFor();
    const replayed = await fetch(`${url}/api/auth/passkey`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: (await answered).postData(),
    });
    expect([replayed.status, ((await replayed.json()) as { code: string }).code]).toEqual([
      401,
      'passkey_invalid',
    ]);
    await givePassword(page);
    await page.getByRole('button', { name: 'Remove: Laptop' }).click();
    await page.getByText('The passkey was removed.').waitFor();
    await signOut(page);
    await byPasskey(page);
    await page.getByText('The passkey is not valid').waitFor();
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  it('is asked for after the password only where that was turned on, and a recovery code goes in its place', async () => {
    const { context, faults, page } = await watch(browser, url, undefined, [401]);
    await plugIn(page);
    await signIn(page);
    await page.locator('input[name=passkey_name]').fill('Phone');
    await givePassword(page);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('rowheader', { name: 'Phone' }).waitFor();
    await signOut(page);
    await signIn(page);
    await givePassword(page);
    await page.getByLabel('Ask for Phone after the password as well').click();
    await page.locator('.recovery-codes').waitFor();
    const [code = ''] = await page.locator('.recovery-codes code').allInnerTexts();
    await page.getByLabel('I have stored them').check();
    await page.getByRole('button', { name: 'Done' }).click();
    await signOut(page);
    await signIn(page);
    await page.locator('input[name=code]').fill(code);
    await page.locator('form button[type=submit]').click();
    await page.getByText('Password + recovery code').waitFor();
    await signOut(page);
    await signIn(page);
    await page.locator('input[name=code]').waitFor();
    await byPasskey(page);
    await page.getByRole('rowheader', { name: 'Phone' }).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);
});
