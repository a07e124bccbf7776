import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import type { Browser, Page } from 'playwright-core';
import { succeed } from '../acceptance/support/clients.js';
import { Deployment } from '../acceptance/support/deployment.js';
import { type AsAdmin, signInAdmin } from '../acceptance/support/operator.js';
import { openBrowser, watch, type Watched } from './support/browser.js';
import { fund, linkInMail } from './support/people.js';

// Somebody who has never been here, by keyboard: registers, proves the address, signs in, forgets the password, and looks after sessions.

const EMAIL = 'newcomer@example.com';
const BROUGHT = 'brought@example.com';
const PASSWORD = 'the first of my stubs';
/** A charge is in Logs within two seconds of its answer; the rest is a browser that opens a page beside other work. */
const WITHIN_MS = 10_000;
const ANOTHER = 'the second of my stubs';

let deployment: Deployment;
let browser: Browser;
let url: string;
let admin: AsAdmin;
let watched: Watched;
let page: Page;
let secret: string;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  [{ url }, browser] = await Promise.all([deployment.start('newcomer'), openBrowser()]);
  admin = await signInAdmin(deployment, url);
  // Answers that refuse are part of the story; the browser reports each.
  watched = await watch(browser, url, undefined, [400, 401]);
  ({ page } = watched);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
});

/** Types into the field that has this name, wherever the focus was, and goes on by key. */
async function type(name: string, text: string): Promise<void> {
  await page.locator(`input[name=${name}]`).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

async function signIn(login: string, password: string): Promise<void> {
  await type('login', login);
  await type('password', password);
  await page.keyboard.press('Enter');
}

describe('a newcomer', () => {
  it('registers, with what is wrong said beside its field', async () => {
    await page.goto('/portal/register');
    await type('username', 'newcomer');
    await type('email', EMAIL);
    await type('password', 'short');
    await page.keyboard.press('Enter');
    await page.locator('input[name=password][aria-invalid=true]').waitFor();
    expect(await page.locator('.field-error').count()).toBe(1);
    await type('password', PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText(EMAIL).waitFor();
  });

  it('has no account before the button of the mailed page is pressed: opening the link uses nothing', async () => {
    const link = await linkInMail(admin, 'verify', EMAIL);
    for (let visit = 0; visit < 2; visit++) {
      await page.goto('/portal/models');
      await page.goto(link);
      await page.locator('h1').waitFor();
      await page.waitForLoadState('networkidle');
    }
    const early = await fetch(`${url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: EMAIL, password: PASSWORD }),
    });
    expect(early.status).toBe(401);
    await page.locator('button[type=submit]').focus();
    await page.keyboard.press('Enter');
    await page.getByText('Your e-mail is confirmed.').waitFor();
  });

  it('signs in by e-mail where a page asks for it, and gets there', async () => {
    await page.goto('/portal/settings');
    await page.waitForURL('**/portal/sign-in?next=%2Fportal%2Fsettings');
    await signIn(EMAIL, 'not the password');
    await page.locator('input[name=password][aria-invalid=true]').waitFor();
    await signIn(EMAIL, PASSWORD);
    await page.waitForURL('**/portal/settings');
    await page.getByText(`${EMAIL} · confirmed`).waitFor();
  });

  it('is signed out elsewhere and signs in again over the page, which keeps what was typed', async () => {
    await type('current_password', PASSWORD);
    const { id } = await page.evaluate<{ id: string }>(
      "fetch('/api/auth/me').then((reply) => reply.json()).then(({ data }) => data.session)",
    );
    await page.evaluate(`fetch('/api/auth/sessions/${id}', { method: 'DELETE' })`);
    await page.getByRole('button', { name: 'End all others' }).click();
    await page.locator('dialog[open]').waitFor();
    await signIn('newcomer', PASSWORD);
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    expect(await page.locator('input[name=current_password]').inputValue()).toBe(PASSWORD);
  });

  it('makes a key by keyboard, is shown it once, and cannot leave it unnoticed', async () => {
    await fund(admin, 10, 'newcomer');
    await page.goto('/portal/keys?create=true');
    await type('name', 'laptop');
    await page.keyboard.press('Enter');
    secret = await page.locator('.key-reveal code').innerText();
    expect(secret).toMatch(/^sk-[\w-]{20,}$/);
    await page.keyboard.press('Escape');
    await page.getByText('nobody can show the key again').waitFor();
    await page.getByLabel('I have stored the key').press('Space');
    await page.getByRole('button', { name: 'Done' }).press('Enter');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(secret);
  });

  it('calls with the SDK, and finds the charge in Logs within two seconds, with lines that add up to it', async () => {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: secret });
    const messages = [{ role: 'user', content: 'Hello' }] as const;
    await client.chat.completions.create({ model: 'gpt-4o-mini', messages: [...messages] });
    const answered = performance.now();
    await page.goto('/portal/logs');
    await page.locator('.table tbody tr', { hasText: 'gpt-4o-mini' }).waitFor();
    expect(performance.now() - answered).toBeLessThan(WITHIN_MS);
    await page.locator('.table tbody tr', { hasText: 'gpt-4o-mini' }).getByRole('link').press('Enter');
    const lines = page.locator('.at-side .lines');
    const quota = (text: string) => Number(text.replaceAll(',', '').replace('−', '-'));
    const total = quota(await lines.locator('tfoot .figure').innerText());
    const figures = (await lines.locator('tbody .figure').allInnerTexts()).map(quota);
    expect(total).toBeGreaterThan(0);
    expect(figures.reduce((sum, each) => sum + each, 0)).toBeCloseTo(total, 6);
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  });

  it('sets a password by the link of a mail, brought by a front end and without one so far', async () => {
    await admin('PUT', '/settings/sign_in', { value: { synced_users: true } });
    await succeed(url, 'POST', '/sync', { external_user_id: 'u1', username: 'brought', email: BROUGHT });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/portal/sign-in');
    await page.goto('/portal/forgot');
    // The newcomer's own address had a mail within this minute.
    await type('email', BROUGHT);
    await page.keyboard.press('Enter');
    await page.getByText('a mail is on its way').waitFor();
    await page.goto(await linkInMail(admin, 'reset', BROUGHT));
    await type('password', ANOTHER);
    await page.keyboard.press('Enter');
    await page.getByText('The password was set.').waitFor();
    await page.goto('/portal/sign-in');
    await signIn('brought', ANOTHER);
    await page.waitForURL((address) => address.pathname === '/portal');
  });

  it('moves to another address by a link that is sent there, and deletes the account', async () => {
    const moved = 'moved@example.com';
    await page.goto('/portal/settings');
    await page.locator('input[name=email_password]').waitFor();
    await type('email', moved);
    await type('email_password', 'not the password');
    await page.keyboard.press('Enter');
    await page.locator('input[name=email_password][aria-invalid=true]').waitFor();
    await type('email_password', ANOTHER);
    await page.keyboard.press('Enter');
    await page.getByText(`A mail to ${moved} is on its way.`).waitFor();
    await page.goto(await linkInMail(admin, 'change', moved));
    await page.locator('button[type=submit]').focus();
    await page.keyboard.press('Enter');
    await page.getByText('Your account has a new e-mail.').waitFor();
    await page.getByRole('link', { name: 'To the settings' }).click();
    await page.getByText(`${moved} · confirmed`).waitFor();
    await type('delete_password', ANOTHER);
    await type('delete_name', 'brought');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/portal/sign-in');
    await signIn('brought', ANOTHER);
    await page.locator('input[name=password][aria-invalid=true]').waitFor();
  });

  it('has met no error of a script, the policy or the console', () => {
    expect(watched.faults).toEqual([]);
  });
});
