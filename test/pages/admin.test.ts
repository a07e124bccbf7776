import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { call, createCustomer, type Customer } from '../acceptance/support/clients.js';
import { Deployment, SERVICE_KEY } from '../acceptance/support/deployment.js';
import { type AsAdmin, signInAdmin } from '../acceptance/support/operator.js';
import { eventually } from '../support/eventually.js';
import { asAdmin, asOperator } from './support/admin.js';
import { openBrowser } from './support/browser.js';
import { faultsOf, pageOf } from './support/looks.js';
import type { Open } from './support/visit.js';

// Admin on a real service with a user, a channel and a correction that waits: how its pages look, and what can be done with them.

/** A page is looked at eight times; an idle machine needs a tenth of it. */
const LOOKS_MS = 180_000;
const AUDITOR = { name: 'auditor', password: 'staple battery horse' };
const FINANCE = { name: 'finance', password: 'staple battery horse' };

let deployment: Deployment;
let browser: Browser;
let admin: AsAdmin;
let url: string;
let upstreamUrl: string;
let customer: Customer;
let charge: { readonly id: string; readonly quota: number } | undefined;

beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'in-process' });
  browser = await openBrowser();
  ({ url } = await deployment.start('admin', {
    ADJUST_ALONE_USD: '100',
    TEST_PAYMENTS: 'on',
    GRANTS: 'on',
  }));
  admin = await signInAdmin(deployment, url);
  customer = await createCustomer(url, 12.5);
  await admin('POST', '/operators', { ...FINANCE, role: 'finance' });
  await admin('POST', '/operators', { ...AUDITOR, role: 'auditor' });
  const { channels } = await admin('GET', '/channels');
  upstreamUrl = channels[0].base_url;
  await call(url, customer.accessKey, { model: 'gpt-4o-mini' });
  // The history is written behind the call.
  await eventually(async () => {
    [charge] = (await admin('GET', '/logs?type=consume')).logs;
    return charge !== undefined;
  });
  await admin('PUT', '/channels/east', channelAt(upstreamUrl));
  await admin('POST', `/users/${customer.id}/adjust`, {
    amount_usd: 5000,
    reason: 'goodwill',
    adjustment_id: 'adj-1',
  });
  await deployment.database.pool.query(
    `INSERT INTO transparency_anchors (name, size, anchored_at, failures, failing_since, last_fault)
     VALUES ('vault', 1284, now(), 0, NULL, NULL), ('friend', 1100, now(), 7, now(), 'it does not know this log: its operator has to add it')`,
  );
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.close();
});

const channelAt = (base_url: string) => ({
  name: 'East',
  base_url,
  keys: [{ secret: 'sk-test-east' }],
  models: ['gpt-4o', 'gpt-4o-mini'],
  groups: ['default'],
});

/** One look at a page, in English. */
async function opened<Seen>(open: Open, see: (page: Page) => Promise<Seen>): Promise<Seen> {
  const choice = { language: 'en', theme: 'light' } as const;
  const { watched } = await pageOf(browser, url, open.who, choice, [400, 401, 403, 404]);
  await open(watched, choice);
  return see(watched.page);
}
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const answered = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' });

describe('every page in every look', () => {
  it.each<readonly [string, () => string]>([
    ['users, with a correction that waits', () => '/admin/users'],
    ['users, none found', () => '/admin/users?q=nobody'],
    ['one user', () => `/admin/users/${customer.id}`],
    ['keys of a user', () => `/admin/users/${customer.id}?tab=keys`],
    ['a month of a user', () => `/admin/users/${customer.id}?tab=month`],
    ['channels', () => '/admin/channels'],
    ['a new channel', () => '/admin/channels/new'],
    ['one channel', () => '/admin/channels/east'],
    ['prices', () => '/admin/prices'],
    ['a price list that was', () => '/admin/prices?version=1'],
    ['logs', () => '/admin/logs'],
    ['logs, none found', () => '/admin/logs?model=nothing'],
    ['a charge explained', () => `/admin/logs?log=${charge?.id}`],
    ['payments', () => '/admin/payments'],
    ['orders', () => '/admin/orders'],
    ['money that does not fit', () => '/admin/order-flags'],
    ['who takes money', () => '/admin/payment-providers'],
    ['payments, none found', () => '/admin/payments?payment_id=nothing'],
    ['grants, none given', () => '/admin/grants'],
    ['codes, none made', () => '/admin/codes'],
    ['referrals, nobody invited', () => '/admin/referrals'],
    ['plans, none published', () => '/admin/plans'],
    ['the overview', () => '/admin'],
    ['the overview of a week', () => '/admin?days=7'],
    ['whether the books agree, not asked yet', () => '/admin/ledger/verify'],
    ['the ledger', () => '/admin/ledger'],
    ['a payment explained in the ledger', () => `/admin/ledger?id=pay-${customer.id}`],
    ['events of a user', () => `/admin/ledger?tab=events&user=${customer.id}`],
    ['a stretch of the ledger', () => '/admin/ledger?tab=compare&from=-1&to=3'],
    ['a balance at any time', () => `/admin/ledger?tab=balance&user=${customer.id}`],
    ['no charge in doubt', () => '/admin/ledger?tab=doubts'],
    ['nothing stops the ledger', () => '/admin/ledger?tab=stopped'],
    ['no job', () => '/admin/ledger?tab=jobs'],
    ['a file to be reconciled', () => '/admin/ledger/reconcile'],
    ['acts', () => '/admin/acts'],
    ['acts, none found', () => '/admin/acts?actor=nobody'],
    ['alerts', () => '/admin/alerts'],
    ['operators', () => '/admin/operators'],
    ['service keys', () => '/admin/service-keys'],
    ['settings', () => '/admin/settings'],
    ['mail', () => '/admin/mail'],
    ['the outbox', () => '/admin/outbox'],
    ['the system', () => '/admin/system'],
    ['one payment', () => `/admin/payments/pay-${customer.id}`],
  ])(
    '%s',
    async (_name, path) => {
      // Who is not signed in is told so once, by the API.
      expect(await faultsOf(browser, url, asAdmin(path()), [401])).toEqual([]);
    },
    LOOKS_MS,
  );

  // Of what is not there, or is no figure, the browser says what the API answered.
  it.each<readonly [string, () => string]>([
    ['a user that is not there', () => '/admin/users/nobody'],
    ['a user found in the ledger', () => `/admin/ledger?id=${customer.id}`],
    ['nothing found in the ledger', () => '/admin/ledger?id=nothing'],
  ])(
    '%s',
    async (_name, path) => {
      expect(await faultsOf(browser, url, asAdmin(path()), [401, 404])).toEqual([]);
    },
    LOOKS_MS,
  );
});

describe('a user', () => {
  it('is suspended with a reason alone, which the API asks for beside its field', async () => {
    await opened(asAdmin(`/admin/users/${customer.id}`), async (page) => {
      await press(page, 'Suspend');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Suspend' }).click();
      await dialog.locator('.field-error').waitFor();
      await dialog.getByLabel('Reason').fill('chargeback');
      await dialog.getByRole('button', { name: 'Suspend' }).click();
      await answered(page);
      await page.locator('.page-head .badge', { hasText: 'Suspended' }).waitFor();
      await page.locator('.timeline', { hasText: 'by operator:root' }).waitFor();
    });
    expect(await admin('GET', `/users/${customer.id}`)).toMatchObject({ status: 'suspended' });
    await admin('POST', `/users/${customer.id}/reinstate`, { reason: 'paid' });
  });

  it('is corrected once by one press, and shows the balance at its end', async () => {
    const { id } = await createCustomer(url, 10);
    const shown = await opened(asAdmin(`/admin/users/${id}`), async (page) => {
      await press(page, 'Adjust balance');
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Amount in US dollars').fill('-2.50');
      await dialog.getByLabel('Reason').fill('counted twice');
      await dialog.getByRole('button', { name: 'Adjust balance' }).click();
      await answered(page);
      await page.locator('.stats', { hasText: '$7.50' }).waitFor();
      return page.locator('.lead-figure').textContent();
    });
    expect(shown).toBe('$7.500000');
    expect(await admin('GET', `/users/${id}`)).toMatchObject({ current_balance: 7.5 });
  });

  it('is erased when its id was typed, not before', async () => {
    const { id } = await createCustomer(url, 1);
    await opened(asAdmin(`/admin/users/${id}`), async (page) => {
      await press(page, 'Erase');
      const dialog = page.getByRole('dialog');
      const erase = dialog.getByRole('button', { name: 'Erase' });
      await dialog.getByLabel('Reason').fill('asked to');
      expect(await erase.isDisabled()).toBe(true);
      await dialog.getByLabel(`Type ${id} to confirm`).fill(id);
      await erase.click();
      await answered(page);
      await page.locator('.page-head .badge', { hasText: 'Erased' }).waitFor();
    });
    expect(await admin('GET', `/users/${id}`)).toMatchObject({ status: 'erased' });
  });
});

it('a correction that waits is declined by who did not ask for it', async () => {
  await opened(asOperator(FINANCE, '/admin/users'), async (page) => {
    await press(page, 'Decline');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('too much');
    await dialog.getByRole('button', { name: 'Decline' }).click();
    await answered(page);
  });
  expect(await admin('GET', '/adjustments')).toEqual({ adjustments: [] });
});

it('a channel is tested out of use, then enabled', async () => {
  await opened(asAdmin('/admin/channels/new'), async (page) => {
    await page.getByLabel('Id', { exact: true }).fill('west');
    await page.getByLabel('Name', { exact: true }).fill('West');
    await page.getByLabel('Address').fill(upstreamUrl);
    await page.getByLabel('Key', { exact: true }).fill('sk-test-west');
    await press(page, 'Save and go on to the test');
    await page.locator('.field-error').first().waitFor();
    await page.getByLabel('Models', { exact: true }).fill('gpt-4o');
    await press(page, 'Test before saving');
    await page.locator('.banner.credit').waitFor();
    await expect(admin('GET', '/channels/west')).rejects.toThrow('404');
    await press(page, 'Save and go on to the test');
    await page.waitForURL('**/admin/channels/west');
    expect(await admin('GET', '/channels/west')).toMatchObject({ enabled: false });
    await press(page, 'Send test request');
    await page.locator('.banner.credit').waitFor();
    await press(page, 'Enable');
    await page.getByRole('dialog').getByRole('button', { name: 'Enable' }).click();
    await answered(page);
  });
  expect(await admin('GET', '/channels/west')).toMatchObject({
    enabled: true,
    models: ['gpt-4o'],
    keys: [{ id: expect.any(String) }],
  });
});

it('any channel is tried from the list, where one that cools is shown large with why', async () => {
  await admin('PUT', '/channels/south', { ...channelAt('http://127.0.0.1:9/v1'), name: 'South' });
  // One failure may be an accident.
  expect(await admin('POST', '/channels/south/test')).toMatchObject({ outcome: 'failed' });
  await opened(asAdmin('/admin/channels?dialect=gemini'), async (page) => {
    await page.getByText('No channel is like that.').waitFor();
    await page.getByLabel('Dialect').selectOption('openai');
    await page.locator('.table').getByRole('link', { name: 'South' }).waitFor();
    await press(page, 'Try a channel');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Channel').selectOption('South');
    await dialog.getByRole('button', { name: 'Send test request' }).click();
    await dialog.locator('.banner', { hasText: 'upstream cannot be reached' }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    const card = page.locator('.card', { hasText: 'South is cooling' });
    await card.locator('.lead-figure').waitFor();
    await card.getByText('upstream cannot be reached').waitFor();
  });
  expect(await faultsOf(browser, url, asAdmin('/admin/channels'), [400, 401, 403, 404])).toEqual([]);
  await admin('POST', '/channels/south/disable', { reason: 'it was one of a test' });
});

it('a provider that is known fills in its addresses, and where calls would go is told in full', async () => {
  await opened(asAdmin('/admin/channels/new'), async (page) => {
    await page.getByLabel('Provider').selectOption('DeepSeek');
    await page.getByText('Addresses as its pages had them on 20').waitFor();
    await page.getByLabel('Address for messages').fill('https://deepseek.example.com/anthropic/v1');
    await page.getByText('https://deepseek.example.com/anthropic/v1/messages', { exact: true }).waitFor();
    await page.getByText('https://api.deepseek.com/chat/completions', { exact: true }).waitFor();
  });
});

it('a price is changed in a draft, published, and the list before it taken back', async () => {
  const before = await admin('GET', '/prices');
  await opened(asAdmin('/admin/prices'), async (page) => {
    await press(page, 'Edit gpt-4o-mini');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Output ratio').fill('four');
    await dialog.getByRole('button', { name: 'See what it changes' }).click();
    await dialog.locator('.field-error').waitFor();
    await dialog.getByLabel('Output ratio').fill('5');
    await dialog.getByRole('button', { name: 'See what it changes' }).click();
    await answered(page);
    await page.getByText('completion_ratio: 4 → 5').waitFor();
    expect(await admin('GET', '/prices')).toEqual(before);
    await press(page, 'Publish version 2');
    await page.getByRole('dialog').getByRole('button', { name: 'Publish version 2' }).click();
    await answered(page);
    await page.getByRole('link', { name: 'Version 1', exact: true }).click();
    await press(page, 'Take this list back');
    await page.getByText('completion_ratio: 5 → 4').waitFor();
    await press(page, 'Publish version 3');
    await page.getByRole('dialog').getByRole('button', { name: 'Publish version 3' }).click();
    await answered(page);
  });
  expect(await admin('GET', '/prices')).toEqual({ ...before, version: 3 });
});

it('the lines of a charge are those of the API, and what they add up to is what was charged', async () => {
  const { id, quota } = charge ?? { id: '', quota: 0 };
  const { explanation } = await admin('GET', `/logs/${id}`);
  await opened(asAdmin(`/admin/logs?log=${id}`), async (page) => {
    const lines = await page.locator('.lines tbody th').allTextContents();
    expect(lines).toEqual(explanation.told.map(({ text }: { text: { en: string } }) => text.en));
    expect(await page.locator('.lines tfoot td').textContent()).toBe(String(quota));
    await page.keyboard.press('Escape');
    await page.waitForURL('**/admin/logs');
  });
});

it('a grant is given until the end of a day, is looked at, and what is left of it is taken back', async () => {
  const { id } = await createCustomer(url, 1);
  await opened(asAdmin('/admin/grants'), async (page) => {
    await press(page, 'Give a grant');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('User (external id)').fill(id);
    await dialog.getByLabel('Amount').fill('2.50');
    await dialog.getByLabel('Last day').fill('2020-01-01');
    await dialog.getByLabel('Reason').fill('spring campaign');
    await dialog.getByRole('button', { name: 'Give a grant' }).click();
    await dialog.locator('.field-error').first().waitFor();
    await dialog.getByLabel('Last day').fill('2031-03-31');
    await dialog.getByRole('button', { name: 'Give a grant' }).click();
    await answered(page);
    const row = page.locator('.table tbody tr').filter({ hasText: id });
    await row.getByText('2031-03-31 23:59:59').waitFor();
    await row.getByText('In use').waitFor();
  });
  expect(await faultsOf(browser, url, asAdmin('/admin/grants'), [400, 401, 403, 404])).toEqual([]);
  await opened(asAdmin('/admin/grants'), async (page) => {
    const row = page.locator('.table tbody tr').filter({ hasText: id });
    await row.getByRole('button', { name: 'Take back' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('given by mistake');
    await dialog.getByRole('button', { name: 'Take back' }).click();
    await answered(page);
    await row.getByText('Taken back').waitFor();
  });
  const { users } = await admin('GET', `/users?q=${id}`);
  expect(users).toMatchObject([{ external_user_id: id, current_quota: 500_000 }]);
});

it('a payment is refunded in part, with its id typed and a reason, as often as it is pressed: once', async () => {
  const { id } = await createCustomer(url, 10);
  await opened(asAdmin(`/admin/payments/pay-${id}`), async (page) => {
    await press(page, 'Refund');
    const dialog = page.getByRole('dialog');
    const refund = dialog.getByRole('button', { name: 'Refund' });
    await dialog.getByLabel('Amount in US dollars').fill('2.5');
    expect(await refund.isDisabled()).toBe(true);
    await dialog.getByLabel(`Type pay-${id} to confirm`).fill(`pay-${id}`);
    await refund.click();
    await dialog.locator('.field-error').waitFor();
    await dialog.getByLabel('Reason').fill('asked back');
    await refund.dblclick();
    await answered(page);
    await page.locator('.timeline', { hasText: 'asked back' }).waitFor();
  });
  expect(await admin('GET', `/payments/pay-${id}`)).toMatchObject({ refunded_usd: 2.5, remaining_usd: 7.5 });
});

it('what a refund took is credited again where its money came again, once, and says why', async () => {
  const { id } = await createCustomer(url, 10);
  const taken = { refund_id: 'dp_1', amount_usd: 4, reason: 'disputed' };
  await admin('POST', `/payments/pay-${id}/refund`, taken);
  await opened(asAdmin(`/admin/payments/pay-${id}`), async (page) => {
    await press(page, 'Credit again: dp_1');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What happened').selectOption('refund_failed');
    await dialog.getByRole('button', { name: 'Credit again' }).dblclick();
    await answered(page);
    await page.locator('.timeline', { hasText: 'Credited again' }).waitFor();
    expect(await page.getByRole('button', { name: 'Credit again' }).count()).toBe(0);
  });
  const { timeline, ...payment } = await admin('GET', `/payments/pay-${id}`);
  expect(payment).toMatchObject({ refunded_usd: 0, remaining_usd: 10 });
  expect(timeline.slice(-1)).toMatchObject([
    { type: 'refund_reversed', refund_id: 'dp_1', amount_usd: 4, quota: 2_000_000, reason: 'refund_failed' },
  ]);
});

it('an operator is added with a password that is long enough, and disabled with their name typed', async () => {
  await opened(asAdmin('/admin/operators'), async (page) => {
    await press(page, 'Add operator');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('night-shift');
    await dialog.getByLabel('First password').fill('short');
    await dialog.getByRole('button', { name: 'Add operator' }).click();
    await dialog.locator('.field-error').waitFor();
    await dialog.getByLabel('First password').fill('staple battery horse');
    await dialog.getByRole('button', { name: 'Add operator' }).click();
    await answered(page);
    await press(page, 'Disable: night-shift');
    await dialog.getByLabel('Reason').fill('left');
    await dialog.getByLabel('Type night-shift to confirm').fill('night-shift');
    await dialog.getByRole('button', { name: 'Disable' }).click();
    await answered(page);
  });
  const { operators } = await admin('GET', '/operators');
  expect(operators).toContainEqual(
    expect.objectContaining({ name: 'night-shift', role: 'operator', enabled: false }),
  );
});

it('a service key is shown once, works, and does not when it was revoked', async () => {
  const asked = (key: string) =>
    fetch(`${url}/api/user/external/${customer.id}`, { headers: { authorization: `Bearer ${key}` } });
  let key = '';
  await opened(asAdmin('/admin/service-keys'), async (page) => {
    await press(page, 'Create service key');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('shop');
    await dialog.getByRole('button', { name: 'Create service key' }).click();
    key = (await dialog.locator('.key-reveal code').textContent()) ?? '';
    expect((await asked(key)).status).not.toBe(401);
    await press(page, 'I have kept it');
    await press(page, 'Revoke shop');
    await dialog.getByLabel('Type shop to confirm').fill('shop');
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await answered(page);
  });
  await eventually(async () => (await asked(key)).status === 401);
});

it('a setting is changed, and taken back to its default', async () => {
  const policy = async () => {
    const { settings } = await admin('GET', '/settings');
    return settings.find((each: { key: string }) => each.key === 'hold_policy').value;
  };
  await opened(asAdmin('/admin/settings'), async (page) => {
    await press(page, 'Change: When a balance is short');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('In force').selectOption('reject');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await answered(page);
    expect(await policy()).toBe('reject');
    await press(page, 'Back to the default: When a balance is short');
    await dialog.getByRole('button', { name: 'Back to the default' }).click();
    await answered(page);
  });
  expect(await policy()).toBe('clamp');
});

it('tiers are rows that are filled in, with what is wrong beside each cell', async () => {
  const payments = async () => {
    const { settings } = await admin('GET', '/settings');
    return settings.find((each: { key: string }) => each.key === 'payments').value;
  };
  const { currencies, ...rest } = await payments();
  await opened(asAdmin('/admin/settings'), async (page) => {
    await press(page, 'Change: Payments');
    const dialog = page.getByRole('dialog');
    const add = dialog.getByRole('button', { name: 'Add a row' });
    for (const [row, from, discount] of [
      [1, '500', '5'],
      [2, 'much', '2.5'],
    ] as const) {
      await add.click();
      await dialog.getByLabel(`From, row ${row}`).fill(from);
      await dialog.getByLabel(`Discount, row ${row}`).fill(discount);
    }
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.locator('.rows-row', { hasText: 'has the wrong form' }).waitFor();
    expect(await payments()).toEqual({ currencies, ...rest });
    await dialog.getByLabel('From, row 2').fill('100');
    await dialog.getByRole('button', { name: 'Move row 2 up' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await answered(page);
  });
  const tiers = [
    { from: '100', discount: '0.025' },
    { from: '500', discount: '0.05' },
  ];
  expect(await payments()).toEqual({ ...rest, currencies: { CNY: { ...currencies.CNY, tiers } } });
});

it('limits are figures by whom they are of, with what is wrong beside each', async () => {
  const limits = async () => {
    const { settings } = await admin('GET', '/settings');
    return settings.find((each: { key: string }) => each.key === 'limits').value;
  };
  const before = await limits();
  await opened(asAdmin('/admin/settings'), async (page) => {
    await press(page, 'Change: Limits');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Each user: Requests a minute').fill('many');
    await dialog.getByLabel('Each key: Calls at a time').fill('8');
    await dialog.getByRole('button', { name: 'Add a row' }).click();
    await dialog.getByLabel('Group, row 1').fill('default');
    await dialog.getByLabel('Tokens a minute, row 1').fill('2000000');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.locator('fieldset', { hasText: 'Each user' }).locator('.field-error').waitFor();
    expect(await limits()).toEqual(before);
    await dialog.getByLabel('Each user: Requests a minute').fill('600');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await answered(page);
  });
  expect(await limits()).toEqual({
    user: { requests_per_minute: 600 },
    key: { concurrent_calls: 8 },
    groups: { default: { tokens_per_minute: 2_000_000 } },
  });
});

it('a figure gets another mark, and somebody else is told of alerts', async () => {
  await opened(asAdmin('/admin/alerts'), async (page) => {
    await press(page, 'Change: The read models are behind the log');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Told of from').fill('120');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await answered(page);
    await page.getByText('from 120 on, over at 10').waitFor();
    await press(page, 'Add receiver');
    await dialog.getByLabel('Name').fill('ops');
    await dialog.getByLabel('E-mail address').fill('nobody');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.locator('.field-error').waitFor();
    await dialog.getByLabel('E-mail address').fill('ops@example.com');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await answered(page);
    await page.getByRole('cell', { name: 'o…@example.com' }).waitFor();
  });
  const { receivers } = await admin('GET', '/alerts');
  expect(receivers).toMatchObject([{ name: 'ops', kind: 'mail', least: 'warning', on: true }]);
});

it('digests are told as a job, and a backup says what is missing for one', async () => {
  await opened(asAdmin('/admin/ledger?tab=jobs'), async (page) => {
    await press(page, 'Backup');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('set BACKUP_DIR').waitFor();
    expect(await dialog.getByRole('button', { name: 'Start' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await press(page, 'Digest');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('rowheader', { name: 'balance.balances', exact: true }).waitFor();
  });
});

it('money that does not fit its order is decided about, once and with a reason', async () => {
  const placed = await fetch(`${url}/api/user/external/${customer.id}/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SERVICE_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ method: 'test', currency: 'CNY', amount: '100' }),
  });
  const { data: order } = (await placed.json()) as { data: { order_id: string } };
  const seen = { reference: 'bank-1', currency: 'CNY', amount: '80', paid_at: 1_795_219_200 };
  await admin('POST', `/orders/${order.order_id}/sightings`, seen);
  await opened(asAdmin('/admin/order-flags'), async (page) => {
    await press(page, 'Decide about bank-1');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Decide' }).click();
    await dialog.locator('.field-error').waitFor();
    await dialog.getByLabel('Decision').selectOption('refund');
    await dialog.getByLabel('Reason').fill('sent back by bank');
    await dialog.getByRole('button', { name: 'Decide' }).click();
    await answered(page);
    await page.getByText('nothing waits for a decision').waitFor();
    await page.getByLabel('State').selectOption('settled');
    await page.getByText('sent back by bank').waitFor();
  });
});

it('a provider of payments is set up with what is missing beside its field, and offered', async () => {
  await opened(asAdmin('/admin/payment-providers'), async (page) => {
    await press(page, 'Add provider');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Short name').fill('stripe');
    await dialog.getByLabel('Account').fill('acct_1Test');
    await dialog.getByLabel('Currencies').fill('USD, CNY');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.locator('.field-error').first().waitFor();
    await dialog.getByLabel('Secret key').fill('sk_test_example0');
    await dialog.getByLabel('Secret of the webhook').fill('whsec_example0');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await answered(page);
    await press(page, 'Offer: stripe');
    await dialog.getByRole('button', { name: 'Offer' }).click();
    await answered(page);
    await press(page, 'Test the address');
    await page.getByText('/api/payments/self-test/').waitFor();
  });
  const { providers } = await admin('GET', '/payment-providers');
  expect(providers).toMatchObject([
    { provider_id: 'stripe', enabled: true, settings: { currencies: ['USD', 'CNY'] } },
  ]);
});

it('an auditor reads and is offered no act', async () => {
  for (const path of [
    'prices',
    'payments',
    'order-flags',
    'payment-providers',
    'operators',
    'service-keys',
    'settings',
    'system',
  ])
    await opened(asOperator(AUDITOR, `/admin/${path}`), async (page) => {
      await page.locator('.main .card').first().waitFor();
      const offered = await page.locator('.main button').allTextContents();
      expect(offered.filter((name) => !['Filter'].includes(name))).toEqual([]);
    });
});

it('a role sees the pages that are for it, and elsewhere which permission is missing', async () => {
  await opened(asOperator(FINANCE, '/admin/channels'), async (page) => {
    await page.getByText('channels:read').waitFor();
    expect(await page.locator('.nav').getByRole('link', { name: 'Channels' }).count()).toBe(0);
    expect(await page.locator('.nav').getByRole('link', { name: 'Users' }).count()).toBe(1);
  });
});
