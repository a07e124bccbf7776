import { amountText } from '../../domain/money/currency.js';
import type { Sighting } from '../../domain/order/sighting.js';
import type { ProviderSecrets, ProviderSettings } from '../../domain/provider/settings.js';
import {
  type HttpAnswer,
  type PayableOrder,
  type PaymentProvider,
  ProviderUnavailable,
} from '../../reactions/payments/provider.js';
import type { Ask } from '../asking/ask.js';
import { privateKeyOf, publicKeyOf } from '../asking/keys.js';
import { fieldsIn } from '../asking/signed-fields.js';
import { codeWord } from '../asking/code-word.js';
import { askV1, askV2, type EpayApiParts, isObject, signed } from './api.js';
import { epayRefunds } from './refund.js';
import { sightingOf, YUAN } from './payment.js';
import { type EpayFields, type EpaySigner, md5Signer, rsaSigner, signedText } from './sign.js';

const MINUTES_30 = 30 * 60_000;
const PAGES_MOST = 20;
const PAGE = 50;

export interface EpayParts {
  readonly id: string;
  readonly revision: number;
  readonly settings: ProviderSettings<'epay'>;
  readonly secrets: ProviderSecrets<'epay'>;
  readonly ask: Ask;
  /** Where it notifies, and where people come back to. */
  readonly notifyUrl: string;
  readonly returnUrl: (orderId: string) => string;
  readonly now: () => Date;
}

/** 易支付: one protocol of many providers, in its versions 1 (MD5) and 2 (RSA). @throws Error for keys that are none */
export function createEpayProvider(parts: EpayParts): PaymentProvider {
  const { id, revision, settings, secrets, ask, now } = parts;
  const { pid } = settings;
  const apiUrl = settings.api_url.replace(/\/+$/, '');
  const api: EpayApiParts = { ask, apiUrl, signer: signerOf(parts), now };
  const seen = (said: unknown): readonly Sighting[] => {
    const sighting = sightingOf(said, pid, now());
    return sighting ? [sighting] : [];
  };
  const isV1 = settings.version === 'v1';
  const ordered = { pid, key: secrets.key };
  return {
    id,
    revision,
    merchant: pid,
    checkoutMs: MINUTES_30,
    open: (order) => opened(parts, api, order),
    query: async ({ orderId }) => {
      const said = isV1
        ? await askV1(api, { act: 'order', ...ordered, out_trade_no: orderId })
        : await askV2(api, 'query', { pid, out_trade_no: orderId });
      // An order that it never heard of, or a key that it refuses: nobody paid as far as it says.
      if (String(said['code']) !== (isV1 ? '1' : '0')) return [];
      return seen(isObject(said['data']) ? { ...said, ...said['data'] } : said);
    },
    signedPart: (request) => signedText(fieldsIn(request) ?? {}),
    readNotification: (request) => {
      const fields = fieldsIn(request);
      if (!fields || fields['pid'] !== pid || !api.signer.isSigned(fields)) return 'forged';
      const sightings = fields['trade_status'] === 'TRADE_SUCCESS' ? seen(fields) : [];
      const [first] = sightings;
      return first ? { orderIds: [first.orderId], sightings: () => Promise.resolve(sightings) } : 'ignored';
    },
    acknowledge: (outcome) => ANSWERS[outcome],
    ...(isV1
      ? { list: (since: Date) => listed(api, ordered, pid, since) }
      : {
          refunds: epayRefunds(api, pid),
          close: async ({ orderId }: PayableOrder) => {
            await askV2(api, 'close', { pid, out_trade_no: orderId });
          },
        }),
  };
}

const ANSWERS: Readonly<Record<'stored' | 'forged' | 'later', HttpAnswer>> = {
  stored: { status: 200, type: 'text/plain', body: 'success' },
  forged: { status: 400, type: 'text/plain', body: 'fail' },
  later: { status: 503, type: 'text/plain', body: 'fail' },
};

function signerOf({ settings, secrets }: EpayParts): EpaySigner {
  if (settings.version === 'v1') return md5Signer(secrets.key);
  return rsaSigner(privateKeyOf(secrets.key), publicKeyOf(settings.platform_public_key ?? ''));
}

/** Version 1 signs an address where people pay, and nobody is asked: the same order has the same one. */
async function opened(
  { settings: { pid }, notifyUrl, returnUrl }: EpayParts,
  api: EpayApiParts,
  { orderId, method, currency, payMinor }: PayableOrder,
) {
  if (currency !== YUAN) throw new ProviderUnavailable('Epay takes yuan alone');
  const fields = {
    pid,
    type: method,
    out_trade_no: orderId,
    notify_url: notifyUrl,
    return_url: returnUrl(orderId),
    // In plain letters: what is signed is not escaped.
    name: `Top-up ${orderId}`,
    money: amountText(payMinor, currency),
  };
  const addressOf = (path: string) => ({
    ref: orderId,
    url: `${api.apiUrl}/${path}?${new URLSearchParams(signed(api, fields)).toString()}`,
  });
  if (api.signer.type === 'MD5') return addressOf('submit.php');
  const said = await askV2(api, 'create', { ...fields, method: 'web', clientip: '127.0.0.1' });
  const { code, pay_type: type, pay_info: info } = said;
  // Whoever opened it died before that was stored: some take a number once, and its page is where a browser is sent with the same words.
  if (String(code) !== '0' && (await isKnown(api, pid, orderId))) return addressOf('api/pay/submit');
  if (String(code) !== '0' || typeof info !== 'string')
    throw new ProviderUnavailable(`Epay opened nothing: code ${codeWord.parse(String(code))}`);
  // Browsers go there, those of front ends too: it must be no script.
  if (type === 'jump' && /^https?:\/\//i.test(info)) return { ref: orderId, url: info };
  if (type === 'qrcode') return { ref: orderId, qr: info };
  throw new ProviderUnavailable('Epay opened what no page can show');
}

async function isKnown(api: EpayApiParts, pid: string, orderId: string): Promise<boolean> {
  const said = await askV2(api, 'query', { pid, out_trade_no: orderId });
  return said['code'] === '0' && said['out_trade_no'] === orderId;
}

/** The newest first, in pages, until one is older. */
async function listed(
  api: EpayApiParts,
  who: EpayFields,
  merchant: string,
  since: Date,
): Promise<readonly Sighting[]> {
  const found: Sighting[] = [];
  for (let page = 1; page <= PAGES_MOST; page++) {
    const said = await askV1(api, { act: 'orders', ...who, limit: String(PAGE), page: String(page) });
    const rows: readonly unknown[] = Array.isArray(said['data']) ? said['data'] : [];
    const paid = rows.flatMap((row) => sightingOf(row, merchant, api.now()) ?? []);
    found.push(...paid.filter(({ at }) => at >= since));
    if (rows.length < PAGE || paid.some(({ at }) => at < since)) break;
  }
  return found;
}
