import { z } from 'zod';
import { amountText } from '../../domain/money/currency.js';
import {
  type HttpAnswer,
  type PayableOrder,
  type PaymentProvider,
  ProviderUnavailable,
} from '../../reactions/payments/provider.js';
import { chinaText } from '../asking/china-time.js';
import { privateKeyOf, publicKeyOf } from '../asking/keys.js';
import { fieldsIn } from '../asking/signed-fields.js';
import { addressOf, type AlipayKeys, type AlipayParts, asked } from './gateway.js';
import { alipayRefunds } from './refund.js';
import { isNotifiedBy, notifiedText } from './sign.js';
import { sightingsOf, YUAN } from './trade.js';

const MINUTES_30 = 30 * 60_000;

/** 支付宝 without anybody in between: pages where people pay, or codes that they scan. @throws Error for keys that are none */
export function createAlipayProvider(parts: AlipayParts): PaymentProvider {
  const { id, revision, settings, secrets, now } = parts;
  const { app_id: appId, seller_id: sellerId } = settings;
  const keys = { own: privateKeyOf(secrets.private_key), alipay: publicKeyOf(settings.alipay_public_key) };
  return {
    id,
    revision,
    merchant: sellerId,
    checkoutMs: MINUTES_30,
    open: (order) => opened(parts, keys, order),
    query: async ({ orderId, expiresAt }) => {
      const said = await asked(parts, keys, 'alipay.trade.query', { out_trade_no: orderId });
      // Its time is over: that is ours to say.
      return sightingsOf(said, sellerId, now()).filter(({ what }) => what !== 'closed' || expiresAt > now());
    },
    signedPart: (request) => notifiedText(fieldsIn(request) ?? {}),
    readNotification: (request) => {
      const fields = fieldsIn(request);
      if (!fields || fields['app_id'] !== appId || !isNotifiedBy(fields, keys.alipay)) return 'forged';
      const sightings = sightingsOf(fields, sellerId, now());
      const orderIds = [...new Set(sightings.map(({ orderId }) => orderId))];
      return orderIds.length > 0 ? { orderIds, sightings: () => Promise.resolve(sightings) } : 'ignored';
    },
    acknowledge: (outcome) => ANSWERS[outcome],
    refunds: alipayRefunds(parts, keys),
    close: async ({ orderId }) => {
      await asked(parts, keys, 'alipay.trade.close', { out_trade_no: orderId });
    },
  };
}

const ANSWERS: Readonly<Record<'stored' | 'forged' | 'later', HttpAnswer>> = {
  stored: { status: 200, type: 'text/plain', body: 'success' },
  forged: { status: 400, type: 'text/plain', body: 'fail' },
  later: { status: 503, type: 'text/plain', body: 'fail' },
};

/** A page is an address that is signed, and nobody is asked; a code is asked for. */
async function opened(
  parts: AlipayParts,
  keys: AlipayKeys,
  { orderId, currency, payMinor, expiresAt }: PayableOrder,
) {
  if (currency !== YUAN) throw new ProviderUnavailable('Alipay takes yuan alone');
  const wanted = {
    out_trade_no: orderId,
    total_amount: amountText(payMinor, currency),
    // In plain letters: what is signed is not escaped.
    subject: `Top-up ${orderId}`,
    time_expire: chinaText(expiresAt),
  };
  if (parts.settings.product === 'page') {
    const content = { ...wanted, product_code: 'FAST_INSTANT_TRADE_PAY' };
    const more = { notify_url: parts.notifyUrl, return_url: parts.returnUrl(orderId) };
    return { ref: orderId, url: addressOf(parts, keys, 'alipay.trade.page.pay', content, more).href };
  }
  const more = { notify_url: parts.notifyUrl };
  const said = await asked(parts, keys, 'alipay.trade.precreate', wanted, more);
  const read = z.object({ qr_code: z.string().min(1).max(2_000) }).safeParse(said);
  if (!read.success) throw new ProviderUnavailable('Alipay opened nothing');
  return { ref: orderId, qr: read.data.qr_code };
}
