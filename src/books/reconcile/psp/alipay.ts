import { z } from 'zod';
import type { Decimal } from '../../../domain/money/decimal.js';
import { amount, idOrNone, text, time } from '../tabular/cells.js';
import { differing, Sums } from './foot-sums.js';
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
      const known = kinds[row.type];
      const kind = known ?? 'unknown';
      return [
        {
          kind,
          ...(known ? {} : { note: `业务类型 ${row.type} is not known` }),
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

const RECEIVED = '商家实收(元)';

/** A file that opens with comments must also have the closing ones, and as many rows and as much money as they say. */
function commentLines(): Frame {
  let opened = false;
  let closed = false;
  let trades: number | undefined;
  let refunds = 0;
  const said = { 交易: undefined as Decimal | undefined, 退款: undefined as Decimal | undefined };
  const found = new Sums();
  let refundRows = 0;
  let namesReceived = false;
  return {
    take([first = '']) {
      if (!first.startsWith('#')) return false;
      opened = true;
      if (first.includes('业务明细列表结束')) closed = true;
      const total = /^#+(交易|退款)合计[:：]\s*(\d+)\s*笔/.exec(first);
      if (total?.[1] === '交易') trades = Number(total[2]);
      else if (total) refunds = Number(total[2]);
      const sum = /商家实收(?:退款)?共\s*([-\d,.]+)\s*元/.exec(first)?.[1];
      if (total && sum !== undefined) said[total[1] as keyof typeof said] = amount.parse(sum);
      return true;
    },
    row(cellOf) {
      const kind = (cellOf('业务类型') ?? '').trim();
      if (kind === '退款') refundRows += 1;
      const received = cellOf(RECEIVED);
      if (received === undefined) return;
      namesReceived = true;
      found.add(kind, received);
    },
    fault({ all }) {
      if (opened && !closed) return 'the closing line (业务明细列表结束) is missing: the file is cut off';
      if (trades !== undefined && all !== trades + refunds && all !== trades)
        return `it says ${trades} trades and ${refunds} refunds and has ${all} rows`;
      if (refunds > 0 && refundRows === 0) return `it says ${refunds} refunds and has none`;
      const wrong = (['交易', '退款'] as const).map((kind) => {
        const sum = said[kind];
        return sum && namesReceived ? differing(`${kind} 商家实收`, sum, found.of(kind)) : undefined;
      });
      return wrong.find((fault) => fault !== undefined);
    },
  };
}
