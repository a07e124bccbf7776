import { createInterface } from 'node:readline';
import { startFakeEpay } from './fake-epay.js';
import { startFakeStripe } from './fake-stripe.js';

const [STRIPE_PORT, EPAY_PORT] = [12_111, 12_112];

// Loopback Stripe and Epay: nobody pays, nothing leaves this machine. UPSTREAM_ALLOW_PRIVATE=127.0.0.1 lets a service ask them.
const service = process.argv[2] ?? 'http://127.0.0.1:3000';
const stripe = await startFakeStripe(undefined, STRIPE_PORT);
const epay = await startFakeEpay(undefined, EPAY_PORT);
stripe.notifyAt(`${service}/api/payments/notify/stripe`);

const configurations = {
  stripe: {
    kind: 'stripe',
    settings: { account: stripe.account, currencies: ['CNY'], api_url: stripe.url },
    secrets: { secret_key: stripe.secretKey, webhook_secret: stripe.webhookSecret },
  },
  epay: {
    kind: 'epay',
    settings: { api_url: epay.url, version: 'v1', pid: epay.pid, methods: ['alipay', 'wxpay'] },
    secrets: { key: epay.key },
  },
};
const line = (text: string) => process.stdout.write(`${text}\n`);
line(`Stripe at ${stripe.url}, Epay at ${epay.url}; they notify ${service}.`);
for (const [id, body] of Object.entries(configurations))
  line(`PUT /api/admin/payment-providers/${id}\n${JSON.stringify(body)}`);
line(
  'Faults: drop, duplicate, reorder, lie, down; `release` sends what was kept back, `good` ends them. One a line:',
);

const faults: Readonly<Record<string, object>> = {
  drop: { drop: true },
  duplicate: { duplicate: 5 },
  reorder: { reorder: true },
  lie: { lie: true },
  down: { down: true },
};
for await (const said of createInterface({ input: process.stdin })) {
  const fault = faults[said.trim()];
  if (said.trim() === 'release') await stripe.release();
  else if (said.trim() === 'good')
    for (const each of [stripe.faults, epay.faults])
      for (const name of Object.keys(each)) Reflect.deleteProperty(each, name);
  else if (fault) for (const each of [stripe.faults, epay.faults]) Object.assign(each, fault);
  else line(`none of them: ${said.trim()}`);
  line(JSON.stringify({ stripe: stripe.faults, epay: epay.faults }));
}
