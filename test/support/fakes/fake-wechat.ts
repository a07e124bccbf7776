import { createCipheriv, generateKeyPairSync, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSender, page, payPage, type SendingFaults } from './sender.js';

/** What goes wrong with it, until it is told otherwise. */
export interface WechatFaults extends SendingFaults {
  /** What it says is signed by somebody else. */
  forge?: boolean;
  down?: boolean;
  /** Refunds take a while. */
  slow?: boolean;
  /** Refunds are refused for want of money. */
  poor?: boolean;
}

interface FakeTrade {
  readonly out_trade_no: string;
  readonly transaction_id: string;
  readonly total: number;
  readonly notifyUrl: string;
  state: 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED';
  paidAt: Date | undefined;
}

export const MCHID = '1900000001';
export const APPID = 'wx0000000000000001';
export const API_V3_KEY = 'test-api-v3-key-of-32-characters';
export const MERCHANT_SERIAL = '0123456789ABCDEF';
export const PLATFORM_SERIAL = 'PUB_KEY_ID_0000000001';

const pemOf = (key: KeyObject): string =>
  key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString();

/** 微信支付 on loopback, with faults; signed as its documents describe it, and by no code that is being tested. */
export async function startFakeWechat(now: () => Date = () => new Date(), port = 0) {
  const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [merchant, platform, stranger] = [pair(), pair(), pair()];
  const trades = new Map<string, FakeTrade>();
  const refunds = new Map<string, { readonly orderId: string; readonly refund: number }>();
  const faults: WechatFaults = {};
  const sender = createSender(faults);

  const headersOf = (body: string): Record<string, string> => {
    const [seconds, nonce] = [Math.floor(now().getTime() / 1_000).toString(), randomBytes(8).toString('hex')];
    const key = faults.forge ? stranger.privateKey : platform.privateKey;
    const signature = sign('RSA-SHA256', Buffer.from(`${seconds}\n${nonce}\n${body}\n`), key);
    return {
      'wechatpay-timestamp': seconds,
      'wechatpay-nonce': nonce,
      'wechatpay-serial': PLATFORM_SERIAL,
      'wechatpay-signature': signature.toString('base64'),
    };
  };

  const server = createServer((request, response) => {
    answered(request, response).catch(() => response.destroy());
  });

  async function answered(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    if (request.url?.startsWith('/pay/'))
      return paidOnPage(request.url.slice('/pay/'.length), request, response);
    if (faults.down) return end(response, 500, '{}');
    const { status, said } = isMerchant(request, body)
      ? answerTo(new URL(request.url ?? '/', 'http://fake'), body)
      : { status: 401, said: { code: 'SIGN_ERROR' } };
    const text = said === undefined ? '' : JSON.stringify(said);
    for (const [name, value] of Object.entries(headersOf(text))) response.setHeader(name, value);
    end(response, status, text);
  }

  /** Who has no WeChat to scan a code with. */
  async function paidOnPage(
    id: string,
    { method }: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (method === 'POST' && trades.has(id)) await pay(id);
    page(response, payPage('WeChat Pay', id));
  }

  function isMerchant(request: IncomingMessage, body: string): boolean {
    const authorization = request.headers.authorization ?? '';
    const of = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(authorization)?.[1] ?? '';
    const text = [request.method, request.url, of('timestamp'), of('nonce_str'), body, ''].join('\n');
    return (
      authorization.startsWith('WECHATPAY2-SHA256-RSA2048 ') &&
      of('mchid') === MCHID &&
      of('serial_no') === MERCHANT_SERIAL &&
      request.headers['wechatpay-serial'] === PLATFORM_SERIAL &&
      verify('RSA-SHA256', Buffer.from(text), merchant.publicKey, Buffer.from(of('signature'), 'base64'))
    );
  }

  interface Said {
    readonly status: number;
    readonly said: object | undefined;
  }

  function answerTo(url: URL, body: string): Said {
    const content = (body === '' ? {} : JSON.parse(body)) as Record<string, string> & {
      amount?: { total: number; refund: number };
    };
    if (url.pathname === '/v3/pay/transactions/native') {
      const id = content['out_trade_no'] ?? '';
      if (!trades.has(id))
        trades.set(id, {
          ...{ out_trade_no: id, transaction_id: `42000${trades.size}`, total: content.amount?.total ?? 0 },
          ...{ notifyUrl: content['notify_url'] ?? '', state: 'NOTPAY', paidAt: undefined },
        });
      return { status: 200, said: { code_url: `weixin://wxpay/bizpayurl?pr=${id}` } };
    }
    if (url.pathname === '/v3/refund/domestic/refunds') return refunded(content);
    const [, number] = /^\/v3\/refund\/domestic\/refunds\/(\w+)$/.exec(url.pathname) ?? [];
    if (number !== undefined)
      return refunds.has(number)
        ? { status: 200, said: refundOf(number) }
        : { status: 404, said: { code: 'RESOURCE_NOT_EXISTS' } };
    const [, id = '', verb] = /out-trade-no\/(\w+)(\/close)?$/.exec(url.pathname) ?? [];
    const trade = trades.get(id);
    if (!trade) return { status: 404, said: { code: 'ORDER_NOT_EXIST' } };
    if (verb === undefined) return { status: 200, said: tradeOf(trade) };
    if (trade.state !== 'NOTPAY')
      return { status: 400, said: { code: trade.state === 'CLOSED' ? 'ORDER_CLOSED' : 'ORDERPAID' } };
    trade.state = 'CLOSED';
    return { status: 204, said: undefined };
  }

  /** Once a number, and never more than was paid. */
  function refunded(content: Record<string, string> & { amount?: { refund: number; total: number } }): Said {
    const { out_refund_no: number = '', transaction_id: transaction } = content;
    const trade = [...trades.values()].find((each) => each.transaction_id === transaction);
    const amount = content.amount?.refund ?? 0;
    if (refunds.has(number)) return { status: 200, said: refundOf(number) };
    const before = [...refunds.values()]
      .filter(({ orderId }) => orderId === trade?.out_trade_no)
      .reduce((sum, { refund }) => sum + refund, 0);
    if (faults.poor) return { status: 403, said: { code: 'NOT_ENOUGH' } };
    if (!trade || content.amount?.total !== trade.total || before + amount > trade.total)
      return { status: 400, said: { code: 'INVALID_REQUEST' } };
    refunds.set(number, { orderId: trade.out_trade_no, refund: amount });
    trade.state = 'REFUND';
    return { status: 200, said: refundOf(number) };
  }

  const refundOf = (number: string) => ({
    refund_id: `50000${number.slice(-6)}`,
    out_refund_no: number,
    status: faults.slow ? 'PROCESSING' : 'SUCCESS',
  });

  const tradeOf = ({ out_trade_no, transaction_id, total, state, paidAt }: FakeTrade) => ({
    ...{ appid: APPID, mchid: MCHID, out_trade_no, trade_state: state },
    ...(paidAt && {
      transaction_id,
      success_time: `${paidAt.toISOString().slice(0, 19)}+00:00`,
      amount: { total, payer_total: total, currency: 'CNY' },
    }),
  });

  async function notify(trade: FakeTrade, event: string, how: object): Promise<void> {
    const [nonce, associated] = [randomBytes(6).toString('hex'), 'transaction'];
    const sealing = createCipheriv('aes-256-gcm', API_V3_KEY, nonce);
    sealing.setAAD(Buffer.from(associated));
    const bytes = Buffer.concat([
      sealing.update(JSON.stringify({ ...tradeOf(trade), ...how })),
      sealing.final(),
      sealing.getAuthTag(),
    ]);
    const resource = {
      ...{ algorithm: 'AEAD_AES_256_GCM', ciphertext: bytes.toString('base64') },
      ...{ nonce, associated_data: associated, original_type: 'transaction' },
    };
    const body = JSON.stringify({ id: randomBytes(8).toString('hex'), event_type: event, resource });
    await sender.send(() => {
      const headers = { 'content-type': 'application/json', ...headersOf(body) };
      return fetch(trade.notifyUrl, { method: 'POST', headers, body });
    });
  }

  async function pay(id: string, how: object = {}): Promise<void> {
    const trade = existing(id);
    trade.state = 'SUCCESS';
    trade.paidAt = now();
    await notify(trade, 'TRANSACTION.SUCCESS', how);
  }

  const existing = (id: string): FakeTrade => {
    const trade = trades.get(id);
    if (!trade) throw new Error(`there is no trade ${id}`);
    return trade;
  };
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    merchantKey: pemOf(merchant.privateKey),
    platformKey: pemOf(platform.publicKey),
    strangerKey: pemOf(stranger.publicKey),
    faults,
    trades,
    /** What it gave back, by the number that it was asked with. */
    refunds,
    answers: sender.answers,
    pay,
    release: () => sender.release(),
    tellOfRefund: (id: string) => notify(existing(id), 'REFUND.SUCCESS', {}),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function end(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}
