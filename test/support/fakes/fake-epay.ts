import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type EpayFields, type EpaySigner, md5Signer, rsaSigner } from '../../../src/providers/epay/sign.js';
import { createSender, page, payPage, type Sender, type SendingFaults } from './sender.js';

/** What goes wrong with it, until it is told otherwise. */
export interface EpayFaults extends SendingFaults {
  /** By POST instead of GET. */
  post?: boolean;
  /** Its API answers a page instead of JSON. */
  html?: boolean;
  /** Every order is there with status 1 beside what is true of it. */
  lie?: boolean;
  down?: boolean;
  /** Refunds take a while. */
  slow?: boolean;
}

export interface FakeEpayOrder {
  readonly out_trade_no: string;
  readonly trade_no: string;
  readonly type: string;
  readonly money: string;
  readonly notifyUrl: string;
  status: 'unpaid' | 'paid' | 'frozen';
  paidAt: Date | undefined;
}

export interface FakeEpay {
  readonly url: string;
  readonly pid: string;
  readonly key: string;
  /** Of version 2, in PEM: the merchant's private key, and the provider's public one. */
  readonly merchantKey: string;
  readonly platformKey: string;
  readonly faults: EpayFaults;
  readonly orders: ReadonlyMap<string, FakeEpayOrder>;
  /** What it gave back, by the number that it was asked with. */
  readonly refunds: ReadonlyMap<string, { readonly orderId: string; readonly money: string }>;
  readonly answers: Sender['answers'];
  /** As a browser that goes where somebody is sent. */
  visit(url: string): Promise<void>;
  pay(orderId: string, how?: Partial<Record<'money' | 'pid' | 'trade_no', string>>): Promise<void>;
  freeze(orderId: string): void;
  release(): Promise<void>;
  close(): Promise<void>;
}

const PID = '1001';
const KEY = '89unJUB8HZ54Hj7x4nUj56HN4nUzUJ8i';

const pemOf = (key: KeyObject): string =>
  key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString();

/** 易支付 in both versions on loopback, with faults. */
export async function startFakeEpay(now: () => Date = () => new Date(), port = 0): Promise<FakeEpay> {
  const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const platform = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signers: Readonly<Record<'v1' | 'v2', EpaySigner>> = {
    v1: md5Signer(KEY),
    v2: rsaSigner(platform.privateKey, merchant.publicKey),
  };
  const orders = new Map<string, FakeEpayOrder & { readonly version: 'v1' | 'v2' }>();
  const refunds = new Map<string, { orderId: string; money: string }>();
  const faults: EpayFaults = {};
  const sender = createSender(faults);
  let number = 0;

  const server = createServer((request, response) => {
    answered(request, response).catch(() => response.destroy());
  });

  async function answered(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://fake');
    const body = Buffer.concat(chunks).toString('utf8');
    const fields = Object.fromEntries(body === '' ? url.searchParams : new URLSearchParams(body));
    if (faults.down) return end(response, 500, 'down');
    const version = ({ '/submit.php': 'v1', '/api/pay/submit': 'v2' } as const)[url.pathname];
    if (version)
      return submitted(fields, version)
        ? page(response, payPage('Epay', fields['out_trade_no'] ?? ''))
        : end(response, 200, 'bad sign');
    if (url.pathname.startsWith('/pay/')) return paid(url.pathname.slice('/pay/'.length), request, response);
    if (faults.html) return end(response, 200, '<html>maintenance</html>');
    if (url.pathname === '/api.php') return end(response, 200, JSON.stringify(answerV1(fields)));
    const [, verb] = /^\/api\/pay\/(create|query|close|refund|refundquery)$/.exec(url.pathname) ?? [];
    return verb === undefined
      ? end(response, 404, 'not found')
      : end(response, 200, JSON.stringify(answerV2(verb, fields)));
  }

  async function paid(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') await epay.pay(id);
    page(response, payPage('Epay', id));
  }

  function submitted(fields: EpayFields, version: 'v1' | 'v2'): boolean {
    const { out_trade_no: orderId = '', type = '', money = '', notify_url: notifyUrl = '' } = fields;
    if (fields['pid'] !== PID || !signers[version].isSigned(fields)) return false;
    if (!orders.has(orderId))
      orders.set(orderId, {
        ...{ out_trade_no: orderId, trade_no: `2026${String(++number).padStart(15, '0')}`, type, money },
        ...{ notifyUrl, version, status: 'unpaid', paidAt: undefined },
      });
    return true;
  }

  const rowOf = (order: FakeEpayOrder, version: 'v1' | 'v2') => ({
    pid: PID,
    trade_no: order.trade_no,
    out_trade_no: order.out_trade_no,
    type: order.type,
    money: order.money,
    status: faults.lie ? 1 : { unpaid: 0, paid: 1, frozen: version === 'v2' ? 3 : 0 }[order.status],
    ...(faults.lie && { trade_status: order.status === 'paid' ? 'TRADE_SUCCESS' : 'WAIT_BUYER_PAY' }),
    ...(order.paidAt && { endtime: chinaTime(order.paidAt) }),
  });

  function answerV1({ act, pid, key, out_trade_no: id = '', page = '1', limit = '50' }: EpayFields): object {
    if (pid !== PID || key !== KEY) return { code: -3, msg: 'key' };
    const all = [...orders.values()].reverse().map((order) => rowOf(order, 'v1'));
    const from = (Number(page) - 1) * Number(limit);
    if (act === 'orders') return { code: 1, data: all.slice(from, from + Number(limit)) };
    const order = orders.get(id);
    return order ? { code: 1, msg: 'ok', ...rowOf(order, 'v1') } : { code: -1, msg: 'no such order' };
  }

  function answerV2(verb: string, fields: EpayFields): object {
    if (fields['pid'] !== PID || !signers.v2.isSigned(fields)) return { code: -3, msg: 'sign' };
    const id = fields['out_trade_no'] ?? '';
    if (verb === 'create') {
      // As some do: the same number is not taken twice.
      if (orders.has(id)) return { code: -2, msg: 'out_trade_no is taken' };
      submitted(fields, 'v2');
      return signedAnswer({
        code: 0,
        trade_no: orders.get(id)?.trade_no ?? '',
        pay_type: 'jump',
        pay_info: `${urlOf()}/pay/${id}`,
      });
    }
    if (verb === 'refundquery') {
      const number = fields['out_refund_no'] ?? '';
      if (!refunds.has(number)) return { code: -1, msg: 'no such refund' };
      return signedAnswer({ code: 0, refund_no: `R${number}`, status: faults.slow ? 0 : 1 });
    }
    const order = orders.get(id);
    if (!order) return { code: -1, msg: 'no such order' };
    if (verb === 'refund') return refunded(order, fields);
    return signedAnswer(verb === 'query' ? { code: 0, ...rowOf(order, 'v2') } : { code: 0, msg: 'closed' });
  }

  /** Once a number, and never more than was paid. */
  function refunded(order: FakeEpayOrder, { out_refund_no: number = '', money = '' }: EpayFields): object {
    const before = [...refunds.values()]
      .filter(({ orderId }) => orderId === order.out_trade_no)
      .reduce((sum, each) => sum + Number(each.money), 0);
    if (refunds.has(number)) return { code: -2, msg: 'out_refund_no is taken' };
    if (order.status !== 'paid' || before + Number(money) > Number(order.money))
      return { code: -4, msg: 'too much' };
    refunds.set(number, { orderId: order.out_trade_no, money });
    return signedAnswer({ code: 0, refund_no: `R${number}`, money });
  }

  function signedAnswer(said: Readonly<Record<string, string | number>>): object {
    const all = { ...said, timestamp: String(Math.floor(now().getTime() / 1_000)) };
    const text = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
    return { ...all, sign: signers.v2.sign(text), sign_type: 'RSA' };
  }

  const urlOf = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const epay: FakeEpay = {
    get url() {
      return urlOf();
    },
    pid: PID,
    key: KEY,
    merchantKey: pemOf(merchant.privateKey),
    platformKey: pemOf(platform.publicKey),
    faults,
    orders,
    refunds,
    answers: sender.answers,
    visit: async (url) => {
      const answer = await fetch(url);
      if ((await answer.text()) === 'bad sign') throw new Error('the address is not signed');
    },
    pay: async (orderId, how = {}) => {
      const order = orders.get(orderId);
      if (!order) throw new Error(`there is no order ${orderId}`);
      order.status = 'paid';
      order.paidAt = now();
      const { trade_no, out_trade_no, type, money } = order;
      const said = {
        pid: PID,
        trade_no,
        out_trade_no,
        type,
        name: 'Top-up',
        money,
        trade_status: 'TRADE_SUCCESS',
        ...how,
      };
      const signer = signers[order.version];
      const query = new URLSearchParams({
        ...said,
        sign: signer.sign(said),
        sign_type: signer.type,
      }).toString();
      await sender.send(() =>
        faults.post
          ? fetch(order.notifyUrl, { method: 'POST', body: new URLSearchParams(query) })
          : fetch(`${order.notifyUrl}?${query}`),
      );
    },
    release: () => sender.release(),
    freeze: (orderId) => {
      const order = orders.get(orderId);
      if (order) order.status = 'frozen';
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return epay;
}

const chinaTime = (at: Date): string =>
  new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

function end(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}
