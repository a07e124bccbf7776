import { z } from 'zod';
import {
  type HttpAnswer,
  type Notification,
  type PayableOrder,
  type PaymentProvider,
  ProviderUnavailable,
} from '../../reactions/payments/provider.js';
import { jsonOf } from '../asking/ask.js';
import { privateKeyOf, publicKeyOf } from '../asking/keys.js';
import { askWechat, unlessUnheardOf, type WechatKeys, type WechatParts } from './gateway.js';
import { wechatRefunds } from './refund.js';
import { isFromWechat, openBox } from './sign.js';
import { sightingsOf } from './trade.js';

const MINUTES_30 = 30 * 60_000;
const YUAN = 'CNY';

/** 微信支付 without anybody in between: a code that people scan. @throws Error for keys that are none */
export function createWechatProvider(parts: WechatParts): PaymentProvider {
  const { id, revision, settings, secrets, now } = parts;
  const { mchid, merchant_serial: serial, platform_serial, platform_public_key } = settings;
  const keys: WechatKeys = {
    merchant: { mchid, serial, key: privateKeyOf(secrets.private_key) },
    platform: { serial: platform_serial, key: publicKeyOf(platform_public_key) },
  };
  const pathOf = (orderId: string) => `/v3/pay/transactions/out-trade-no/${encodeURIComponent(orderId)}`;
  return {
    id,
    revision,
    merchant: mchid,
    checkoutMs: MINUTES_30,
    open: (order) => opened(parts, keys, order),
    query: async ({ orderId, expiresAt }) => {
      const path = `${pathOf(orderId)}?mchid=${encodeURIComponent(mchid)}`;
      const said = await unlessUnheardOf(askWechat(parts, keys, { path }));
      // Its time is over: that is ours to say.
      return sightingsOf(said, now()).filter(({ what }) => what !== 'closed' || expiresAt > now());
    },
    readNotification: ({ headers, body }) =>
      isFromWechat(headers, body, keys.platform, now()) ? notified(parts, body) : 'forged',
    acknowledge: (outcome) => ANSWERS[outcome],
    close: async ({ orderId }) => {
      await unlessUnheardOf(askWechat(parts, keys, { path: `${pathOf(orderId)}/close`, content: { mchid } }));
    },
    refunds: wechatRefunds(parts, keys),
  };
}

const answer = (status: number, code: string): HttpAnswer => ({
  status,
  type: 'application/json',
  body: JSON.stringify({ code, message: code }),
});
const ANSWERS: Readonly<Record<'stored' | 'forged' | 'later', HttpAnswer>> = {
  stored: answer(200, 'SUCCESS'),
  forged: answer(401, 'FAIL'),
  later: answer(503, 'FAIL'),
};

const notification = z.object({
  event_type: z.string(),
  resource: z.object({
    algorithm: z.literal('AEAD_AES_256_GCM'),
    ciphertext: z.string(),
    nonce: z.string(),
    associated_data: z.string().optional(),
  }),
});

/** What it tells of refunds says nothing of all that went back: of ours it is asked. */
function notified({ secrets, now }: WechatParts, body: Buffer): Notification | 'ignored' | 'forged' {
  const read = notification.safeParse(jsonOf(body.toString('utf8')));
  if (!read.success) return 'ignored';
  const opened = openBox(secrets.api_v3_key, read.data.resource);
  // Signed by WeChat Pay, and not sealed for us.
  if (opened === undefined) return 'forged';
  if (!read.data.event_type.startsWith('TRANSACTION.')) return 'ignored';
  const sightings = sightingsOf(jsonOf(opened), now());
  const orderIds = [...new Set(sightings.map(({ orderId }) => orderId))];
  return orderIds.length > 0 ? { orderIds, sightings: () => Promise.resolve(sightings) } : 'ignored';
}

async function opened(
  parts: WechatParts,
  keys: WechatKeys,
  { orderId, currency, payMinor, expiresAt }: PayableOrder,
) {
  if (currency !== YUAN) throw new ProviderUnavailable('WeChat Pay takes yuan alone');
  const { mchid, appid } = parts.settings;
  const said = await askWechat(parts, keys, {
    path: '/v3/pay/transactions/native',
    content: {
      ...{ appid, mchid, description: `Top-up ${orderId}`, out_trade_no: orderId },
      ...{ time_expire: expiresAt.toISOString().replace(/\.\d+Z$/, '+00:00'), notify_url: parts.notifyUrl },
      amount: { total: Number(payMinor), currency },
    },
  });
  const read = z.object({ code_url: z.string().min(1).max(2_000) }).safeParse(said);
  if (!read.success) throw new ProviderUnavailable('WeChat Pay opened nothing');
  return { ref: orderId, qr: read.data.code_url };
}
