import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Deployment } from '../acceptance/support/deployment.js';
import { signInAdmin } from '../acceptance/support/operator.js';
import { type IdentityService, startIdentityService } from '../support/identity-service.js';
import { asAdmin } from './support/admin.js';
import { openBrowser, watch } from './support/browser.js';
import { accessibilityFaults } from './support/accessible.js';
import { PERSON, registerPerson } from './support/people.js';

// Ways to sign in without a password: passkeys with the browser's virtual authenticator, which are bound to a name, so that the service is
// reached by one; and a service of others, here on this machine.

let deployment: Deployment;
let browser: Browser;
let url: string;
let elsewhere: IdentityService;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  elsewhere = await startIdentityService();
  const started = deployment.start('passkeys', { SIGN_IN_ALLOW_PRIVATE: '127.0.0.1' });
  const [service, opened] = await Promise.all([started, openBrowser()]);
  url = service.url.replace('127.0.0.1', 'localhost');
  browser = opened;
  await registerPerson(service.url, await signInAdmin(deployment, service.url));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
  await elsewhere?.close();
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

describe('a service of others', () => {
  it('is set up in Admin, makes an account of a newcomer, is linked and unlinked in Settings, and links nobody by an address', async () => {
    // Its way back is to the address that the service knows of itself.
    const here = url.replace('localhost', '127.0.0.1');
    const watched = await watch(browser, here, undefined, [401, 409]);
    const { context, page } = watched;
    await asAdmin('/admin/settings')(watched, { language: 'en', theme: 'light' });
    await page.getByRole('button', { name: 'Add a service' }).click();
    const given = {
      name: 'company',
      label: 'Company',
      issuer: elsewhere.issuer,
      client_id: elsewhere.clientId,
      client_secret: elsewhere.clientSecret,
    };
    for (const [field, value] of Object.entries(given))
      await page.locator(`input[name=provider_${field}]`).fill(value);
    expect(await accessibilityFaults(page, 'all')).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('rowheader', { name: 'Company' }).waitFor();

    elsewhere.knows({ subject: '1', name: 'newcomer', email: 'newcomer@example.com', isVerified: true });
    const goThere = () => page.getByRole('button', { name: 'Go on with Company' }).click();
    await page.goto('/portal/sign-in?next=/portal/settings');
    await goThere();
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
    expect(await accessibilityFaults(page, 'all')).toEqual([]);
    await page.locator('input[name=username]').fill(PERSON.username);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page
      .locator('input[name=username][aria-invalid=true]')
      .or(page.getByText('is taken'))
      .first()
      .waitFor();
    await page.locator('input[name=username]').fill('newcomer');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.waitForURL('**/portal/settings');
    await page.getByRole('rowheader', { name: 'Company' }).waitFor();
    await signOut(page);

    // Somebody who has an account, and the same address there.
    elsewhere.knows({ subject: '2', name: PERSON.username, email: PERSON.email, isVerified: true });
    await page.goto('/portal/sign-in?next=/portal/settings');
    await goThere();
    await page.locator('input[name=username]').fill('another');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('The e-mail address is in use').waitFor();
    await signIn(page);
    await page.locator('input[name=identity_password]').fill(PERSON.password);
    await page.getByRole('button', { name: 'Link Company' }).click();
    await page.getByText('It is linked').waitFor();
    await page.getByRole('rowheader', { name: 'Company' }).waitFor();
    await signOut(page);
    await page.goto('/portal/sign-in?next=/portal/settings');
    await goThere();
    await page.getByText(PERSON.email).waitFor();
    await page.locator('input[name=identity_password]').fill(PERSON.password);
    await page.getByRole('button', { name: 'Unlink: Company' }).click();
    await page.getByText('It was unlinked').waitFor();
    expect(watched.faults.filter((fault) => !fault.includes(elsewhere.issuer))).toEqual([]);
    await context.close();
  }, 120_000);
});

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
