import { createInterface } from 'node:readline';
import * as alipays from './fake-alipay.js';
import { startFakeEpay } from './fake-epay.js';
import { startFakeStripe } from './fake-stripe.js';
import * as wechats from './fake-wechat.js';

// Providers on loopback: nobody pays, nothing leaves this machine. UPSTREAM_ALLOW_PRIVATE=127.0.0.1 lets a service ask them.
const [service = 'http://127.0.0.1:3000', first = '12111'] = process.argv.slice(2);
/** From the first one on; of 0, whichever are free. */
const portOf = (place: number): number => (Number(first) === 0 ? 0 : Number(first) + place);
const stripe = await startFakeStripe(undefined, portOf(0));
const epay = await startFakeEpay(undefined, portOf(1));
const alipay = await alipays.startFakeAlipay(undefined, portOf(2));
const wechat = await wechats.startFakeWechat(undefined, portOf(3));
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
  alipay: {
    kind: 'alipay',
    settings: {
      ...{ app_id: alipays.APP_ID, seller_id: alipays.SELLER_ID, product: 'page' },
      ...{ alipay_public_key: alipay.alipayKey, api_url: alipay.url },
    },
    secrets: { private_key: alipay.merchantKey },
  },
  wechat: {
    kind: 'wechat',
    settings: {
      ...{ mchid: wechats.MCHID, appid: wechats.APPID, merchant_serial: wechats.MERCHANT_SERIAL },
      ...{ platform_serial: wechats.PLATFORM_SERIAL, platform_public_key: wechat.platformKey },
      api_url: wechat.url,
    },
    secrets: { private_key: wechat.merchantKey, api_v3_key: wechats.API_V3_KEY },
  },
};
const line = (text: string) => process.stdout.write(`${text}\n`);
line(`Stripe at ${stripe.url}, Epay at ${epay.url}, Alipay at ${alipay.url}, WeChat Pay at ${wechat.url}.`);
line(
  `They notify ${service}. Whoever cannot scan a code of WeChat Pay pays at ${wechat.url}/pay/<order id>.`,
);
for (const [id, body] of Object.entries(configurations))
  line(`PUT /api/admin/payment-providers/${id}\n${JSON.stringify(body)}`);
line(
  'Faults: drop, duplicate, reorder, lie, down; `release` sends what was kept back, `good` ends them. One a line:',
);

const all = [stripe, epay, alipay, wechat];
/** What signs all that it says lies under another key. */
const faults: Readonly<Record<string, object>> = {
  drop: { drop: true },
  duplicate: { duplicate: 5 },
  reorder: { reorder: true },
  lie: { lie: true, forge: true },
  down: { down: true },
};
for await (const said of createInterface({ input: process.stdin })) {
  const fault = faults[said.trim()];
  if (said.trim() === 'release') for (const each of all) await each.release();
  else if (said.trim() === 'good')
    for (const each of all)
      for (const name of Object.keys(each.faults)) Reflect.deleteProperty(each.faults, name);
  else if (fault) for (const each of all) Object.assign(each.faults, fault);
  else line(`none of them: ${said.trim()}`);
  line(JSON.stringify(stripe.faults));
}
