import { z } from 'zod';
import type { Decimal } from '../../../domain/money/decimal.js';
import { amount, currency, idOrNone, orEmpty, text, time } from '../tabular/cells.js';
import { differing, Sums } from './foot-sums.js';
import { type Frame, type Layout, magnitudeOf, type ProviderRecord, usableIds } from './provider-record.js';

const states = { SUCCESS: 'payment', REFUND: 'refund', REVOKED: 'refund' } as const;

/** 交易账单 (ALL, SUCCESS or REFUND), today's columns and those before 2018. Every cell begins with a backtick. Beijing time. */
export const wechat = (timezone: string): Layout => ({
  title: 'WeChat Pay bill (交易账单)',
  columns: {
    at: ['交易时间'],
    transaction: ['微信订单号'],
    order: ['商户订单号'],
    state: ['交易状态'],
    currency: ['货币种类'],
    // With coupons the settled amount (应结订单金额) is less than what the order, and so the top-up, was.
    amount: ['订单金额', '总金额', '应结订单金额'],
    refunded: ['申请退款金额', '退款金额'],
    wechatRefund: ['微信退款单号'],
    merchantRefund: ['商户退款单号'],
    refundState: ['退款状态'],
    refundedAt: ['退款成功时间'],
  },
  required: ['at', 'transaction', 'order', 'state', 'currency', 'amount'],
  columnName: (cell) => cell.trim(),
  cells: joinCells,
  schema: z
    .object({
      at: time(timezone),
      transaction: idOrNone,
      order: idOrNone,
      state: z.enum(['SUCCESS', 'REFUND', 'REVOKED'], 'is none of SUCCESS, REFUND, REVOKED'),
      currency,
      amount,
      refunded: amount.optional(),
      wechatRefund: idOrNone.optional(),
      merchantRefund: idOrNone.optional(),
      refundState: text.optional(),
      refundedAt: orEmpty(time(timezone)).optional(),
    })
    .transform((row): readonly ProviderRecord[] => {
      const common = { paymentIds: usableIds(row.order, row.transaction), currency: row.currency };
      if (states[row.state] === 'payment')
        return [{ ...common, kind: 'payment', refundIds: [], amount: row.amount, at: row.at }];
      const refund = {
        ...common,
        kind: 'refund',
        refundIds: usableIds(row.merchantRefund, row.wechatRefund),
        amount: magnitudeOf(row.refunded ?? row.amount),
        at: row.refundedAt ?? row.at,
      } as const;
      switch (row.refundState || 'SUCCESS') {
        case 'SUCCESS':
          return [refund];
        case 'FAIL':
          return [];
        case 'PROCESSING':
          return [{ ...refund, isPending: true, note: 'the refund is in processing (PROCESSING)' }];
        case 'CHANGE':
          return [
            {
              ...refund,
              isPending: true,
              note: 'the refund did not reach the payer: pay it by hand (CHANGE)',
            },
          ];
        default:
          return [{ ...refund, kind: 'unknown', note: `退款状态 ${row.refundState} is not known` }];
      }
    }),
  frame: summaryLines,
});

/** Names of goods may have commas, which nothing escapes: a cell without a backtick goes on where the one before ended. */
function joinCells(cells: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const cell of cells) {
    if (cell.startsWith('`')) joined.push(cell.slice(1));
    else joined.push(joined.length > 0 ? `${joined.pop()},${cell}` : cell);
  }
  return joined;
}

/** A sum at the foot -> the column whose sum it is, today's and those before 2018. Fees move no top-up and are left out. */
const summed: Readonly<Record<string, string>> = {
  应结订单总金额: '应结订单金额',
  退款总金额: '退款金额',
  充值券退款总金额: '充值券退款金额',
  订单总金额: '订单金额',
  申请退款总金额: '申请退款金额',
  总交易额: '总金额',
  总退款金额: '退款金额',
};

/** Two lines end the file: names of the sums, then the sums, with a backtick each. */
function summaryLines(): Frame {
  let names: readonly string[] | undefined;
  let total: number | undefined;
  const said = new Map<string, Decimal>();
  const found = new Sums();
  return {
    take(cells) {
      const plain = cells.map((cell) => cell.trim().replace(/^`/, ''));
      if (names) {
        total ??= Number(/^`(\d+)$/.exec(cells[0]?.trim() ?? '')?.[1] ?? NaN);
        for (const [place, name] of names.entries()) {
          const sum = amount.safeParse(plain[place] ?? '');
          if (summed[name] !== undefined && sum.success) said.set(name, sum.data);
        }
        return true;
      }
      if (!plain[0]?.startsWith('总交易单数')) return false;
      names = plain;
      return true;
    },
    row(cellOf) {
      for (const column of new Set(Object.values(summed))) {
        const cell = cellOf(column);
        if (cell !== undefined) found.add(column, cell);
      }
    },
    fault({ all, payments }) {
      if (total === undefined || Number.isNaN(total))
        return 'the summary (总交易单数) at its end is missing: the file is cut off';
      if (total !== all && total !== payments) return `its summary says ${total} rows and it has ${all}`;
      const wrong = [...said].map(([name, sum]) => {
        const column = summed[name] ?? name;
        return found.has(column) ? differing(name, sum, found.of(column)) : undefined;
      });
      return wrong.find((fault) => fault !== undefined);
    },
  };
}
