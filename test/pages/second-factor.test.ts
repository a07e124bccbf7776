import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Deployment } from '../acceptance/support/deployment.js';
import { signInAdmin } from '../acceptance/support/operator.js';
import { openAuthenticator } from './support/authenticator.js';
import { openBrowser, watch } from './support/browser.js';
import { faultsOf } from './support/looks.js';
import { asPerson, PERSON, registerPerson } from './support/people.js';
import type { Open } from './support/visit.js';

// Two-step sign-in, as people turn it on, use it, lose it and turn it off.

const LOOKS_MS = 180_000;

let deployment: Deployment;
let browser: Browser;
let url: string;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  [{ url }, browser] = await Promise.all([deployment.start('second-factor'), openBrowser()]);
  await registerPerson(url, await signInAdmin(deployment, url));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
});

const signIn = async (page: Page) => {
  await page.goto('/portal/sign-in?next=/portal/settings');
  await page.locator('input[name=login]').fill(PERSON.username);
  await page.locator('input[name=password]').fill(PERSON.password);
  await page.locator('button[type=submit]').click();
};
const setUp = async (page: Page) => {
  await page.locator('input[name=factor_password]').fill(PERSON.password);
  await page.locator('form:has(input[name=factor_password]) button[type=submit]').click();
};
const secretOf = async (page: Page) => (await page.locator('.secret-text').innerText()).replaceAll(' ', '');

describe('two-step sign-in', () => {
  it(
    'is set up in a dialog that every look of is sound',
    async () => {
      const open: Open = Object.assign(
        async (watched: Parameters<Open>[0], choice: Parameters<Open>[1]) => {
          await asPerson('/portal/settings')(watched, choice);
          await setUp(watched.page);
          await watched.page.locator('.qr-code').waitFor();
          await watched.settled();
        },
        { who: 'person' },
      );
      expect(await faultsOf(browser, url, open, [401])).toEqual([]);
    },
    LOOKS_MS,
  );

  it(
    'is turned on by a code, asked for after the password, and passed once by a recovery code',
    async () => {
      const { context, faults, page } = await watch(browser, url, undefined, [401]);
      await signIn(page);
      await setUp(page);
      const authenticator = openAuthenticator(await secretOf(page));
      await page.locator('input[name=code]').fill('12');
      await page.getByRole('button', { name: 'Turn on' }).click();
      await page.getByText('The code is wrong').waitFor();
      await page.locator('input[name=code]').fill(await authenticator.next(page));
      await page.getByRole('button', { name: 'Turn on' }).click();
      await page.locator('.recovery-codes').waitFor();
      const codes = await page.locator('.recovery-codes code').allInnerTexts();
      expect(codes).toHaveLength(10);
      expect(await page.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
      await page.getByLabel('I have stored them').check();
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByText('10 of 10 recovery codes left').waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL('**/portal/sign-in');

      await signIn(page);
      await page.locator('input[name=code]').fill('000');
      await page.locator('button[type=submit]').click();
      await page.getByText('The code is wrong').waitFor();
      await page.locator('input[name=code]').fill(await authenticator.next(page));
      await page.locator('button[type=submit]').click();
      await page.waitForURL('**/portal/settings');
      await page.getByText('Password + authenticator').waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL('**/portal/sign-in');

      await signIn(page);
      await page.locator('input[name=code]').fill(codes[0] ?? '');
      await page.locator('button[type=submit]').click();
      await page.getByText('9 of 10 recovery codes left').waitFor();
      await page.locator('input[name=factor_password]').fill(PERSON.password);
      await page.getByRole('button', { name: 'Turn off' }).click();
      await page.getByText('Two-step sign-in is off.').waitFor();
      await page.getByRole('button', { name: 'Set up' }).waitFor();
      expect(faults).toEqual([]);
      await context.close();
    },
    LOOKS_MS,
  );
});
