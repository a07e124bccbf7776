import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ProviderKind, providerKindNames } from '../../src/domain/provider/settings.js';
import {
  type PayableOrder,
  type PaymentProvider,
  ProviderUnavailable,
} from '../../src/reactions/payments/provider.js';
import { eventually } from '../support/eventually.js';
import { type Bench, createBench, ordered } from './contract/subject.js';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const methods = { stripe: 'card', epay: 'wxpay', alipay: 'alipay', wechat: 'wxpay' } as const;

let bench: Bench;
let child: ChildProcess;
let printed = '';

/** `npm run fakes`, which tells people what to configure, and is told faults by them. */
beforeAll(async () => {
  bench = await createBench();
  const program = ['--import', path('../support/typescript.mjs'), path('../support/fakes/main.ts')];
  const { PATH, HOME } = process.env;
  child = spawn(process.execPath, [...program, bench.notifyBase, '0'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH, HOME },
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await eventually(() => printed.includes('One a line:'), { timeoutMs: 60_000 });
});
afterAll(async () => {
  const exited = once(child, 'exit');
  child.kill();
  await exited;
  await bench.close();
});

async function say(line: string): Promise<void> {
  const before = printed.length;
  child.stdin?.write(`${line}\n`);
  await eventually(() => printed.slice(before).includes('\n'));
}

/** As an operator copies it. */
function configured(kind: ProviderKind): Promise<PaymentProvider> {
  const [, body = ''] = new RegExp(`PUT /api/admin/payment-providers/${kind}\n(.*)\n`).exec(printed) ?? [];
  const { settings, secrets } = JSON.parse(body);
  return bench.make(kind, settings, secrets);
}

/** Where WeChat Pay shows a code, the address to pay at is what the line about it says. */
function payPageOf(kind: ProviderKind, order: PayableOrder, opened: string | undefined): string {
  if (kind !== 'wechat') return opened ?? '';
  const [, page = ''] = /pays at (\S+)\/<order id>/.exec(printed) ?? [];
  return `${page}/${order.orderId}`;
}

/** As with curl: the page, and its button. */
async function pay(kind: ProviderKind, provider: PaymentProvider): Promise<PayableOrder> {
  const order = ordered(methods[kind], bench.now());
  const { ref, url } = await provider.open(order);
  const page = payPageOf(kind, order, url);
  const shown = await fetch(page);
  const [, action] = /<form method="post"(?: action="([^"]+)")?>/.exec(await shown.text()) ?? [];
  const paid = await fetch(new URL(action ?? page, page), { method: 'POST' });
  expect(paid.status).toBe(200);
  return { ...order, checkoutRef: ref };
}

describe.each(providerKindNames)('%s of `npm run fakes`', (kind) => {
  it('is paid at its page and notifies; loses that when it is told to, and says nothing while it is down', async () => {
    const provider = await configured(kind);
    const told = () => bench.sent.length;
    await say('good');
    let before = told();
    const order = await pay(kind, provider);
    await eventually(() => told() > before);
    const read = provider.readNotification(bench.sent.at(-1) as never);
    if (typeof read === 'string') throw new Error(read);
    const isPaid = { orderId: order.orderId, what: 'paid', currency: 'CNY', amountMinor: 50_000n };
    expect(await read.sightings()).toMatchObject([isPaid]);

    await say('drop');
    before = told();
    const unheard = await pay(kind, provider);
    expect(await provider.query(unheard)).toMatchObject([{ ...isPaid, orderId: unheard.orderId }]);
    expect(told()).toBe(before);

    await say('down');
    await expect(provider.query(unheard)).rejects.toBeInstanceOf(ProviderUnavailable);
    await say('good');
    expect(await provider.query(unheard)).toMatchObject([{ what: 'paid' }]);

    await say('duplicate');
    before = told();
    await pay(kind, provider);
    await eventually(() => told() === before + 5);
  });
});

it('says what it does not understand, and changes nothing', async () => {
  await say('good');
  await say('explode');
  await eventually(() => printed.endsWith('none of them: explode\n{}\n'));
});
