import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Deployment } from '../acceptance/support/deployment.js';
import { OPERATOR, signInAdmin } from '../acceptance/support/operator.js';
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
const signInOperator = async (page: Page, next = '/admin/operators') => {
  await page.goto(`/admin/sign-in?next=${next}`);
  await page.locator('input[name=name]').fill(OPERATOR.name);
  await page.locator('input[name=password]').fill(OPERATOR.password);
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

describe('an operator', () => {
  it(
    'stays signed in when the page is loaded again, and is asked for the password again before an act of weight',
    async () => {
      const { context, faults, page } = await watch(browser, url, undefined, [401, 403]);
      await signInOperator(page);
      await page.getByRole('button', { name: 'Add operator' }).waitFor();
      await page.reload();
      await page.getByRole('button', { name: 'Add operator' }).waitFor();
      await deployment.database.pool.query(
        `UPDATE sessions SET proven_at = now() - interval '11 minutes' WHERE operator IS NOT NULL`,
      );
      await page.getByRole('button', { name: 'Add operator' }).click();
      await page.locator('dialog input').first().fill('newcomer');
      await page.locator('dialog input[type=password]').fill('correct horse battery');
      await page.locator('dialog button[type=submit]').click();
      const proof = page.locator('input[name=proof_password]');
      await proof.fill('a wrong password');
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByText('The name or the password is wrong').waitFor();
      await proof.fill(OPERATOR.password);
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('rowheader', { name: 'newcomer' }).waitFor();
      expect(faults).toEqual([]);
      await context.close();
    },
    LOOKS_MS,
  );

  it(
    'sets up two-step sign-in, and gives a code at the next',
    async () => {
      const { context, faults, page } = await watch(browser, url, undefined, [401]);
      await signInOperator(page, '/admin/account');
      await page.locator('input[name=factor_password]').fill(OPERATOR.password);
      await page.locator('form:has(input[name=factor_password]) button[type=submit]').click();
      const authenticator = openAuthenticator(await secretOf(page));
      await page.locator('input[name=code]').fill(await authenticator.next(page));
      await page.getByRole('button', { name: 'Turn on' }).click();
      await page.getByLabel('I have stored them').check();
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL('**/admin/sign-in');
      await signInOperator(page, '/admin/account');
      await page.locator('input[name=code]').fill(await authenticator.next(page));
      await page.locator('button[type=submit]').click();
      await page.getByText('10 of 10 recovery codes left').waitFor();
      expect(faults).toEqual([]);
      await context.close();
    },
    LOOKS_MS,
  );
});
