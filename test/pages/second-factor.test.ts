import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Deployment } from '../acceptance/support/deployment.js';
import { OPERATOR, signInAdmin } from '../acceptance/support/operator.js';
import { codeAt } from '../http/support/authenticator.js';
import { openAuthenticator } from './support/authenticator.js';
import { accessibilityFaults } from './support/accessible.js';
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

/** Somebody with an authenticator, by the API; @returns the external id, and whether the password alone signs in */
async function withAuthenticator() {
  const given = { login: PERSON.username, password: PERSON.password };
  const login = () => send('POST', '/login', given);
  const cookie = ((await login()).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const { data: begun } = (await (await send('POST', '/totp', {}, cookie)).json()) as {
    data: { secret: string };
  };
  await send('POST', '/totp/confirm', { code: codeAt(begun.secret, new Date()) }, cookie);
  const { data: me } = (await (await send('GET', '/me', undefined, cookie)).json()) as {
    data: { external_user_id: string };
  };
  return { id: me.external_user_id, statusOfLogin: async () => (await login()).status };
}
const send = (method: string, path: string, body?: object, cookie = '') =>
  fetch(`${url}/api/auth${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie },
    ...(body && { body: JSON.stringify(body) }),
  });

describe('an operator', () => {
  it(
    'helps whoever has lost phone and codes, and says why',
    async () => {
      const { id, statusOfLogin } = await withAuthenticator();
      expect(await statusOfLogin()).toBe(202);
      const { context, faults, page } = await watch(browser, url);
      await signInOperator(page, `/admin/users/${id}`);
      await page.getByRole('button', { name: 'Clear second step' }).click();
      await page.locator('dialog input').first().fill('shown by passport');
      expect(await accessibilityFaults(page, 'all')).toEqual([]);
      await page.locator('dialog button[type=submit]').click();
      await page.getByText('The second step was cleared').waitFor();
      expect(await statusOfLogin()).toBe(200);
      await page.goto('/admin/acts');
      await page.locator('tbody tr', { hasText: 'Two-step sign-in of a user cleared' }).waitFor();
      expect(faults).toEqual([]);
      await context.close();
    },
    LOOKS_MS,
  );

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
      await page.getByRole('button', { name: 'Clear second step: newcomer' }).click();
      await page.locator('dialog[open]', { hasText: 'newcomer signs in by the password alone' }).waitFor();
      expect(await accessibilityFaults(page, 'all')).toEqual([]);
      await page.locator('dialog button[type=submit]').click();
      await page.getByText('The operator was changed.').waitFor();
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
