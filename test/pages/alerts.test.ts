import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Deployment } from '../acceptance/support/deployment.js';
import { signInAdmin } from '../acceptance/support/operator.js';
import { eventually } from '../support/eventually.js';
import { MailServer } from '../support/mail-server.js';
import { openBrowser, watch, type Watched } from './support/browser.js';
import { asPerson, fund, PERSON, registerPerson, spendSome } from './support/people.js';

// Somebody asks to be told when the balance falls, and gets a real mail when it does, once.

let deployment: Deployment;
let browser: Browser;
let watched: Watched;
let page: Page;
let smtp: MailServer;

beforeAll(async () => {
  smtp = await new MailServer().start();
  deployment = await Deployment.open({ cache: 'in-process' });
  const environment = { SMTP_URL: smtp.url, MAIL_FROM: 'ledger@example.com' };
  const [{ url }, opened] = await Promise.all([deployment.start('alerts', environment), openBrowser()]);
  browser = opened;
  const admin = await signInAdmin(deployment, url);
  await registerPerson(url, admin);
  await fund(admin, 5);
  watched = await watch(browser, url, undefined, [400, 401]);
  ({ page } = watched);
  await asPerson('/portal/alerts')(watched, { language: 'en', theme: 'light' });
  await page.getByLabel('Balance below').fill('4.99');
  await page.getByRole('button', { name: 'Save alerts' }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
  await spendSome(url);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
  await smtp?.stop();
});

const caught = () => smtp.received.map(({ text }) => text);
const alerts = () => caught().filter((text) => text.includes('Your balance is below $4.99'));

it('gets a mail when the balance has fallen, and sees it on the page', async () => {
  await eventually(() => alerts().length === 1);
  expect(alerts()[0]).toContain(`To: ${PERSON.email}`);
  await page.reload();
  await page.getByRole('cell', { name: 'Balance below $4.99' }).waitFor();
  expect(await page.getByLabel('Balance below').inputValue()).toBe('4.99');
});

it('is told beside the field why a webhook is not accepted, and what was typed stays', async () => {
  await page.getByLabel('Webhook').fill('https://10.0.0.7/alerts');
  await page.getByRole('button', { name: 'Save alerts' }).click();
  await page.getByText('must be https, and not at a private address').waitFor();
  expect(await page.getByLabel('Webhook').inputValue()).toBe('https://10.0.0.7/alerts');
  await page.getByLabel('Balance below').fill('a lot');
  await page.getByRole('button', { name: 'Save alerts' }).click();
  await page.getByText('An amount in dollars').waitFor();
});

it('sends a test to see whether alerts arrive', async () => {
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText('The mail is on its way.').waitFor();
  await eventually(() => caught().some((text) => text.includes('This is a test: alerts arrive.')));
  expect(alerts()).toHaveLength(1);
});

it('has met no error of a script, the policy or the console', () => {
  expect(watched.faults).toEqual([]);
});
