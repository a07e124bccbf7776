import { z } from 'zod';
import { amount, idOrNone, text, time } from '../tabular/cells.js';
import { type Frame, type Layout, magnitudeOf, type ProviderRecord, usableIds } from './provider-record.js';

const kinds: Readonly<Record<string, ProviderRecord['kind']>> = { 交易: 'payment', 退款: 'refund' };

/** 业务明细: comments begin with #, cells end in tabs, times are Beijing's, amounts yuan; a refund's are negative or not, by version. */
export const alipay = (timezone: string): Layout => ({
  title: 'Alipay bill (业务明细)',
  columns: {
    trade: ['支付宝交易号'],
    order: ['商户订单号'],
    type: ['业务类型'],
    finished: ['完成时间'],
    amount: ['订单金额(元)'],
    refund: ['退款批次号/请求号', '退款批次号'],
  },
  required: ['trade', 'order', 'type', 'finished', 'amount'],
  columnName: (cell) => cell.trim().replaceAll('（', '(').replaceAll('）', ')'),
  schema: z
    .object({
      trade: idOrNone,
      order: idOrNone,
      type: text,
      finished: time(timezone),
      amount,
      refund: idOrNone.optional(),
    })
    .transform((row): readonly ProviderRecord[] => {
      const kind = kinds[row.type];
      if (kind === undefined) return [];
      return [
        {
          kind,
          paymentIds: usableIds(row.order, row.trade),
          refundIds: kind === 'refund' ? usableIds(row.refund) : [],
          amount: magnitudeOf(row.amount),
          currency: 'CNY',
          at: row.finished,
        },
      ];
    }),
  frame: commentLines,
});

/** A file that opens with comments must also have the closing ones, and as many rows as they say. */
function commentLines(): Frame {
  let opened = false;
  let closed = false;
  let trades: number | undefined;
  let refunds = 0;
  return {
    take([first = '']) {
      if (!first.startsWith('#')) return false;
      opened = true;
      if (first.includes('业务明细列表结束')) closed = true;
      const total = /^#+(交易|退款)合计[:：]\s*(\d+)\s*笔/.exec(first);
      if (total?.[1] === '交易') trades = Number(total[2]);
      else if (total) refunds = Number(total[2]);
      return true;
    },
    fault({ all }) {
      if (opened && !closed) return 'the closing line (业务明细列表结束) is missing: the file is cut off';
      if (trades !== undefined && all !== trades + refunds && all !== trades)
        return `it says ${trades} trades and ${refunds} refunds and has ${all} rows`;
      return undefined;
    },
  };
}
