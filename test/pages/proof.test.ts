import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { succeed } from '../acceptance/support/clients.js';
import { Deployment } from '../acceptance/support/deployment.js';
import { type AsAdmin, signInAdmin } from '../acceptance/support/operator.js';
import { checkReceipt } from '../../src/transparency/receipt.js';
import { checkBalanceProof } from '../../src/transparency/liability/balance-proof.js';
import { readVerifierKey } from '../../src/transparency/note-keys.js';
import { counterfoil } from '../support/counterfoil.js';
import { eventually } from '../support/eventually.js';
import { asAdmin } from './support/admin.js';
import { openBrowser, watch, type Watched } from './support/browser.js';
import { faultsOf } from './support/looks.js';
import { asPerson, fund, PERSON, registerPerson, spendSome } from './support/people.js';

// Somebody who doubts the service sees that their balance is in what it owes, and takes away files that prove it elsewhere.

const LOOKS_MS = 180_000;
let deployment: Deployment;
let browser: Browser;
let watched: Watched;
let page: Page;
let url: string;
let asked: AsAdmin;
let stop: () => Promise<unknown>;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  const [service, opened] = await Promise.all([
    deployment.start('proof', { LIABILITY: 'daily' }),
    openBrowser(),
  ]);
  browser = opened;
  ({ url } = service);
  stop = () => service.process.stop();
  const admin = (asked = await signInAdmin(deployment, url));
  await registerPerson(url, admin);
  await fund(admin, 10);
  await topUp(admin);
  await spendSome(url);
  // What answers 404 until something was closed, and 503 until it was signed.
  watched = await watch(browser, url, undefined, [401, 404, 503]);
  ({ page } = watched);
  await asPerson('/portal')(watched, { language: 'en', theme: 'light' });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
});

/** A payment of the person who was registered, as a front end tells of one. */
async function topUp(admin: AsAdmin): Promise<void> {
  const { users } = (await admin('GET', `/users?q=${PERSON.username}`)) as {
    users: readonly { external_user_id: string }[];
  };
  const [person] = users;
  await succeed(url, 'POST', '/topup', {
    external_user_id: person?.external_user_id,
    amount_usd: 1,
    payment_id: 'pi_proof',
  });
}

/** The file that a button gives. */
async function saved(button: Locator, on = page): Promise<{ readonly name: string; readonly text: string }> {
  const [file] = await Promise.all([on.waitForEvent('download'), button.click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

const logKeys = async () => {
  const { data } = await page.evaluate<{ data: { keys: string[] } }>(
    `fetch('/api/user/proofs').then((reply) => reply.json())`,
  );
  return data.keys.map(readVerifierKey);
};
const closeNow = async () => {
  expect(await counterfoil(['liability', 'commit'], deployment.environment)).toMatchObject({ code: 0 });
  await eventually(() => page.evaluate<boolean>(`fetch('/api/user/balance/proof').then(({ ok }) => ok)`), {
    timeoutMs: 60_000,
    intervalMs: 250,
  });
};

describe('the proof of a balance', () => {
  it(
    'says that there is none before anything was closed',
    async () => {
      await page.goto('/portal/proof?day=2020-01-01');
      await page.getByText('That day was not closed').waitFor();
      expect(await faultsOf(browser, url, asPerson('/portal/proof?day=2020-01-01'), [401, 404])).toEqual([]);
    },
    LOOKS_MS,
  );

  it('is two clicks from Home, is computed again by the browser, and is a file that proves the same', async () => {
    await closeNow();
    await page.goto('/portal');
    await page.getByRole('navigation').getByRole('link', { name: 'Billing', exact: true }).click();
    await page.getByRole('link', { name: 'Proof of balance' }).click();
    await page.locator('.receipt .lead-figure').waitFor();
    const keys = await logKeys();
    const { name, text } = await saved(page.getByRole('button', { name: 'Download proof' }));
    const proved = checkBalanceProof(text, { logKeys: keys });
    expect(name).toBe(`balance-${proved.asOf.replaceAll(/[^\w.-]/g, '_')}.tlog-proof`);
    expect(proved.balance).toBeGreaterThan(4_900_000n);
    const sheet = await page.locator('.receipt').innerText();
    expect(sheet).toContain(`${proved.balance.toLocaleString('en')} quota`);
    expect(sheet).toContain(keys[0]?.id);
    expect(sheet).toMatch(/Your browser has computed it again/);
  });

  it('is shown as false where the file was changed', async () => {
    await page.route('**/api/user/balance/proof', async (route) => {
      const text = await (await route.fetch()).text();
      const lines = text.split('\n');
      const extra = Buffer.from((lines[1] ?? '').slice('extra '.length), 'base64').toString();
      const more = extra.replace(/"quota":"(\d+)"/, (_, quota: string) => `"quota":"${BigInt(quota) + 1n}"`);
      lines[1] = `extra ${Buffer.from(more).toString('base64')}`;
      await route.fulfill({ body: lines.join('\n'), contentType: 'text/plain' });
    });
    await page.reload();
    await page.getByText('This proof does not come out').waitFor();
    expect(await page.locator('.lead-figure').count()).toBe(0);
    await page.unroute('**/api/user/balance/proof');
  });

  it(
    'looks right',
    async () => {
      expect(await faultsOf(browser, url, asPerson('/portal/proof'), [401, 404, 503])).toEqual([]);
    },
    LOOKS_MS,
  );
});

describe('a receipt', () => {
  it('is beside the row that it is of', async () => {
    await page.goto('/portal/billing');
    const button = page.getByRole('button', { name: /^Signed receipt/ });
    await button.waitFor();
    const proved = checkReceipt((await saved(button)).text, { logKeys: await logKeys() });
    expect(proved.type).toMatch(/^payment-credited/);
  });

  it('is on the page of a payment', async () => {
    await page.goto('/portal/logs?type=topup');
    await page.locator('.table tbody th a').first().click();
    const proved = checkReceipt((await saved(page.getByRole('button', { name: 'Signed receipt' }))).text, {
      logKeys: await logKeys(),
    });
    expect(proved.type).toMatch(/^payment-credited/);
  });

  it('is in Admin beside any movement, for who may audit', async () => {
    const { logs } = (await asked('GET', '/logs?type=consume')) as { logs: readonly { id: string }[] };
    const desk = await watch(browser, url, undefined, [401, 403]);
    await asAdmin(`/admin/logs?log=${logs[0]?.id}`)(desk, { language: 'en', theme: 'light' });
    const button = desk.page.getByRole('button', { name: 'Signed receipt' });
    await button.waitFor();
    const proved = checkReceipt((await saved(button, desk.page)).text, { logKeys: await logKeys() });
    expect(proved.type).toMatch(/^consumption-recorded/);
    expect(desk.faults).toEqual([]);
    await desk.context.close();
  });

  it.each(['consume', 'adjust'])(
    'of %s, which would name channels or operators, is given to nobody',
    async (type) => {
      const answers = await page.evaluate<readonly [string, number][]>(`(async () => {
      const { data } = await (await fetch('/api/user/logs?type=${type}')).json();
      return Promise.all(data.logs.map(async ({ id, type }) => [type, (await fetch('/api/user/logs/' + id + '/receipt')).status]));
    })()`);
      expect(answers.length).toBeGreaterThan(0);
      for (const answer of answers) expect(answer).toEqual([type, 404]);
    },
  );
});

it('has met no error of a script, the policy or the console', () => {
  expect(watched.faults).toEqual([]);
});

describe('where nothing is signed', () => {
  it('nothing is offered', async () => {
    await stop();
    const off = await deployment.start('proof', { TRANSPARENCY: 'off' });
    const other = await watch(browser, off.url, undefined, [401]);
    await asPerson('/portal/billing')(other, { language: 'en', theme: 'light' });
    await other.page.getByText('4 of 4 rows').waitFor();
    await other.settled();
    expect(await other.page.getByRole('link', { name: 'Proof of balance' }).count()).toBe(0);
    expect(await other.page.getByRole('button', { name: /^Signed receipt/ }).count()).toBe(0);
    expect(other.faults).toEqual([]);
    expect((await fetch(`${off.url}/transparency/checkpoint`)).status).toBe(404);
  });
});
