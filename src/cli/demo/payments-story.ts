import { z } from 'zod';
import type { Terminal } from '../output.js';
import type { TestAct } from '../../providers/testpay/paying.js';
import type { DemoClient } from './client.js';
import { DEMO_USER } from './story.js';
import { count, eventually, expect, numberedSteps, parse } from './steps.js';

const CREDIT_USD = '70.422536';

const ordered = z.object({
  data: z.looseObject({
    order_id: z.string(),
    stage: z.string(),
    pay_amount: z.string(),
    currency: z.string(),
    rate: z.string(),
    credit_usd: z.string(),
    quota: z.number(),
    checkout: z.looseObject({ url: z.string() }),
  }),
});
const standing = z.object({
  data: z.looseObject({ stage: z.string(), balance_after: z.number().nullable() }),
});
const stats = z.object({
  data: z.looseObject({ user_info: z.looseObject({ current_balance: z.number() }) }),
});

/** Orders that somebody pays at the test provider: told once, told five times, and told to nobody. Rejects when it is not as the contract says. */
export async function tellPayments(client: DemoClient, terminal: Terminal): Promise<void> {
  const step = numberedSteps(terminal);
  await client.frontEnd('POST', '/sync', { external_user_id: DEMO_USER, username: 'demo' });

  const first = await order(client);
  expect(first.credit_usd === CREDIT_USD, `500 yuan at ${first.rate} are ${first.credit_usd} dollars`);
  step(
    'A front end orders a top-up',
    `${first.order_id}: ${first.pay_amount} ${first.currency} at ${first.rate} buys $${first.credit_usd} = ${count(first.quota)} quota`,
  );
  await pay(first.checkout.url, 'pay');
  await credited(client, first.order_id);
  const balance = await balanceOf(client);
  expect(balance === Number(CREDIT_USD), `the balance is ${balance}`);
  step('It is paid, and the provider says so once', `credited: balance $${balance}`);

  const second = await order(client);
  await pay(second.checkout.url, 'pay-five-times');
  await credited(client, second.order_id);
  const twice = await balanceOf(client);
  expect(twice === 2 * balance, `five notifications made the balance ${twice}`);
  step('Another one, of which the provider tells five times at once', `credited once: balance $${twice}`);

  const third = await order(client);
  await pay(third.checkout.url, 'pay-quietly');
  const paidAt = performance.now();
  await credited(client, third.order_id);
  const seconds = (performance.now() - paidAt) / 1_000;
  expect(seconds <= 10, `it took ${seconds.toFixed(1)} s`);
  step(
    'A third, of which the provider tells nobody',
    `it was asked: credited after ${seconds.toFixed(1)} s, balance $${await balanceOf(client)}`,
  );
}

const order = async (client: DemoClient) => {
  const body = { method: 'test', currency: 'CNY', amount: '500' };
  return parse(ordered, await client.frontEnd('POST', `/${DEMO_USER}/orders`, body)).data;
};

async function pay(url: string, act: TestAct): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ act }), redirect: 'manual' });
  expect(answer.status < 400, `the test provider answered ${answer.status}`);
}

const credited = (client: DemoClient, orderId: string) =>
  eventually(async () => {
    const { stage } = parse(standing, await client.frontEnd('GET', `/${DEMO_USER}/orders/${orderId}`)).data;
    return stage === 'credited' ? stage : undefined;
  });

const balanceOf = async (client: DemoClient) =>
  parse(stats, await client.frontEnd('GET', `/${DEMO_USER}/stats`)).data.user_info.current_balance;
