import { z } from 'zod';
import { amount, currency, idOrNone, orEmpty, text, time } from '../tabular/cells.js';
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
      if (row.refundState === 'FAIL') return [];
      return [
        {
          ...common,
          kind: 'refund',
          refundIds: usableIds(row.merchantRefund, row.wechatRefund),
          amount: magnitudeOf(row.refunded ?? row.amount),
          at: row.refundedAt ?? row.at,
        },
      ];
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

/** Two lines end the file: names of the sums, then the sums, with a backtick each. */
function summaryLines(): Frame {
  let named = false;
  let total: number | undefined;
  return {
    take([first = '']) {
      if (named) {
        total ??= Number(/^`(\d+)$/.exec(first.trim())?.[1] ?? NaN);
        return true;
      }
      return (named = first.startsWith('总交易单数'));
    },
    fault({ all, payments }) {
      if (total === undefined || Number.isNaN(total))
        return 'the summary (总交易单数) at its end is missing: the file is cut off';
      return total === all || total === payments
        ? undefined
        : `its summary says ${total} rows and it has ${all}`;
    },
  };
}
