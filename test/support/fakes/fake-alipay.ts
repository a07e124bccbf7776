import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSender, page, payPage, type SendingFaults } from './sender.js';

/** What goes wrong with it, until it is told otherwise. */
export interface AlipayFaults extends SendingFaults {
  /** What it says is signed by somebody else. */
  forge?: boolean;
  html?: boolean;
  down?: boolean;
  /** Of refunds it says to ask again. */
  busy?: boolean;
  /** It gives back, and says no: as to a repetition of what it has done. */
  late?: boolean;
}

export interface FakeTrade {
  readonly out_trade_no: string;
  readonly trade_no: string;
  readonly total_amount: string;
  readonly notifyUrl: string;
  status: 'WAIT_BUYER_PAY' | 'TRADE_CLOSED' | 'TRADE_SUCCESS' | 'TRADE_FINISHED';
  paidAt: Date | undefined;
  refundedFee: string | undefined;
}

export const APP_ID = '2021000000000001';
export const SELLER_ID = '2088000000000001';

export const pemOf = (key: KeyObject): string =>
  key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString();

/** Signed text as Alipay's documents describe it, and by no code that is being tested. */
const textOf = (fields: Readonly<Record<string, string>>, unsigned: readonly string[]): string =>
  Object.keys(fields)
    .filter((name) => !unsigned.includes(name) && fields[name] !== '')
    .toSorted()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');

const chinaTime = (at: Date): string =>
  new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

/** 支付宝 on loopback, with faults. */
export async function startFakeAlipay(now: () => Date = () => new Date(), port = 0) {
  const [merchant, alipay, stranger] = Array.from({ length: 3 }, () =>
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ) as [Pair, Pair, Pair];
  const trades = new Map<string, FakeTrade>();
  const refunds = new Map<string, string>();
  const faults: AlipayFaults = {};
  const sender = createSender(faults);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const fields = Object.fromEntries(url.searchParams);
    if (url.pathname.startsWith('/pay/'))
      return void paidOnPage(url.pathname.slice('/pay/'.length), request.method, response);
    if (faults.down) return end(response, 500, 'down');
    if (faults.html) return end(response, 200, '<html>maintenance</html>');
    const { method = '', sign: signature = '' } = fields;
    const isOurs = verify(
      'RSA-SHA256',
      Buffer.from(textOf(fields, ['sign'])),
      merchant.publicKey,
      Buffer.from(signature, 'base64'),
    );
    const said = isOurs ? answerTo(method, fields) : { code: '40002', sub_code: 'isv.invalid-signature' };
    if (method === 'alipay.trade.page.pay') {
      const { out_trade_no: id = '' } = said as { readonly out_trade_no?: string };
      return isOurs ? page(response, payPage('Alipay', id)) : end(response, 200, 'bad sign');
    }
    const text = JSON.stringify(said);
    const signed = signedBy(text);
    end(response, 200, `{"${method.replaceAll('.', '_')}_response":${text},"sign":"${signed}"}`);
  });

  const signedBy = (text: string): string =>
    sign('RSA-SHA256', Buffer.from(text), (faults.forge ? stranger : alipay).privateKey).toString('base64');

  async function paidOnPage(id: string, method: string | undefined, response: ServerResponse): Promise<void> {
    if (method === 'POST' && trades.has(id)) await pay(id);
    page(response, payPage('Alipay', id));
  }

  function answerTo(method: string, fields: Readonly<Record<string, string>>): object {
    const content = JSON.parse(fields['biz_content'] ?? '{}') as Record<string, string>;
    const id = content['out_trade_no'] ?? '';
    if (method === 'alipay.trade.page.pay' || method === 'alipay.trade.precreate') {
      if (!trades.has(id))
        trades.set(id, {
          ...{ out_trade_no: id, trade_no: `20261130220014${trades.size}`, status: 'WAIT_BUYER_PAY' },
          ...{ total_amount: content['total_amount'] ?? '', notifyUrl: fields['notify_url'] ?? '' },
          ...{ paidAt: undefined, refundedFee: undefined },
        });
      return { code: '10000', out_trade_no: id, qr_code: `https://qr.alipay.com/${id}` };
    }
    const trade = trades.get(id);
    if (!trade) return { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' };
    if (method === 'alipay.trade.refund') return refunded(trade, content);
    if (method === 'alipay.trade.fastpay.refund.query')
      return {
        code: '10000',
        ...(refunds.has(content['out_request_no'] ?? '') && { refund_status: 'REFUND_SUCCESS' }),
      };
    if (method === 'alipay.trade.close') {
      if (trade.status !== 'WAIT_BUYER_PAY') return { code: '40004', sub_code: 'ACQ.TRADE_STATUS_ERROR' };
      trade.status = 'TRADE_CLOSED';
    }
    const { out_trade_no, trade_no, total_amount, status: trade_status, paidAt } = trade;
    const paid = paidAt && { send_pay_date: chinaTime(paidAt) };
    // Braces and quotes in a text are no part of the answer's shape.
    return { code: '10000', msg: '"}{', out_trade_no, trade_no, total_amount, trade_status, ...paid };
  }

  /** Once a number, and never more than was paid. */
  function refunded(trade: FakeTrade, content: Readonly<Record<string, string>>): object {
    const { out_request_no: number = '', refund_amount: amount = '' } = content;
    if (refunds.has(number)) return { code: '10000', fund_change: 'N', refund_fee: trade.refundedFee };
    if (trade.status === 'TRADE_FINISHED') return { code: '40004', sub_code: 'ACQ.TRADE_HAS_FINISHED' };
    const all = Number(trade.refundedFee ?? 0) + Number(amount);
    if (all > Number(trade.total_amount))
      return { code: '40004', sub_code: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' };
    if (faults.busy) return { code: '40004', sub_code: 'ACQ.SYSTEM_ERROR' };
    refunds.set(number, amount);
    trade.refundedFee = all.toFixed(2);
    if (trade.refundedFee === trade.total_amount) trade.status = 'TRADE_CLOSED';
    if (faults.late) return { code: '40004', sub_code: 'ACQ.TRADE_STATUS_ERROR' };
    return { code: '10000', fund_change: 'Y', refund_fee: trade.refundedFee };
  }

  async function notify(trade: FakeTrade, how: Readonly<Record<string, string>> = {}): Promise<void> {
    const { out_trade_no, trade_no, total_amount, status: trade_status, paidAt, refundedFee } = trade;
    const said: Readonly<Record<string, string>> = {
      ...{ notify_type: 'trade_status_sync', app_id: APP_ID, seller_id: SELLER_ID, charset: 'utf-8' },
      ...{ out_trade_no, trade_no, total_amount, trade_status, notify_time: chinaTime(now()) },
      ...(paidAt && { gmt_payment: chinaTime(paidAt) }),
      ...(refundedFee !== undefined && { refund_fee: refundedFee }),
      ...how,
    };
    const signed = signedBy(textOf(said, []));
    const body = new URLSearchParams({ ...said, sign_type: 'RSA2', sign: signed });
    await sender.send(() => fetch(trade.notifyUrl, { method: 'POST', body }));
  }

  async function pay(id: string, how?: Readonly<Record<string, string>>): Promise<void> {
    const trade = existing(id);
    trade.status = 'TRADE_SUCCESS';
    trade.paidAt = now();
    await notify(trade, how);
  }

  const existing = (id: string): FakeTrade => {
    const trade = trades.get(id);
    if (!trade) throw new Error(`there is no trade ${id}`);
    return trade;
  };
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/gateway.do`,
    merchantKey: pemOf(merchant.privateKey),
    alipayKey: pemOf(alipay.publicKey),
    strangerKey: pemOf(stranger.publicKey),
    faults,
    trades,
    /** What it gave back, by the number that it was asked with. */
    refunds,
    answers: sender.answers,
    /** As a browser that goes where somebody is sent. */
    visit: async (url: string) => {
      if ((await (await fetch(url)).text()) === 'bad sign') throw new Error('the address is not signed');
    },
    pay,
    release: () => sender.release(),
    finish: async (id: string) => {
      existing(id).status = 'TRADE_FINISHED';
      await notify(existing(id));
    },
    /** @param all what was given back in all */
    refund: async (id: string, all: string) => {
      const trade = existing(id);
      trade.refundedFee = all;
      if (all === trade.total_amount) trade.status = 'TRADE_CLOSED';
      await notify(trade);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

function end(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}
