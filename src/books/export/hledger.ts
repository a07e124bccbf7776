import type { EventType } from '../../domain/events/catalogue.js';
import { typeOfStored } from '../../domain/events/versions.js';
import { QUOTA_PER_USD } from '../../domain/money/quota.js';
import { dayOf } from '../../support/period.js';
import { type ExportScope, fixedUsd, type JournalFormat } from './format.js';
import { type ExportedEntry, entryFields } from './entries.js';
import { safeName } from './names.js';

const subjects: { readonly [Type in EventType]?: string } = {
  'payment-credited': 'top-up',
  'payment-refunded': 'refund',
  'payment-refund-reversed': 'refund that came to nothing',
  'payment-taken-back': 'taken back by the provider',
  'balance-adjusted': 'adjustment',
  'order-paid': 'paid for a plan',
  'order-returned': 'given back of a plan',
  'order-return-failed': 'came again of a plan',
  'order-disputed': 'disputed of a plan',
  'order-dispute-closed': 'dispute about a plan that is over',
  'refund-succeeded': 'refund of a plan',
  'refund-failed': 'refund of a plan that came to nothing',
  'subscription-started': 'period of a plan',
  'subscription-renewed': 'period of a plan',
  'cash-booked': 'fee or payout',
  'grant-given': 'grant',
  'grant-expired': 'grant that ended',
  'grant-withdrawn': 'grant taken back',
  'consumption-recorded': 'call',
  'consumption-corrected': 'correction',
  'call-abandoned': 'abandoned call',
};

/** Plain-text accounting as hledger reads it, in dollars with six places: one quota is 0.000002 USD, so nothing is ever rounded. */
export const hledger: JournalFormat = {
  begin({ head, timezone, period: { from, to } }) {
    const cut = [from ? ` from ${from.toISOString()}` : '', to ? ` before ${to.toISOString()}` : ''].join('');
    return [
      `; Journal of the Counterfoil ledger up to position ${head}${cut}; days of ${timezone}`,
      'commodity 1000.000000 USD',
      'commodity 1000. QUOTA',
      `P 1970-01-01 USD ${QUOTA_PER_USD} QUOTA`,
      '',
      '',
    ].join('\n');
  },
  account: (name) => `account ${name}\n`,
  opening: ({ account, amount }, scope, first) =>
    `${first ? `\n${openingDay(scope)} * opening balances\n` : ''}${posting(account, amount)}`,
  afterOpening: () => '\n',
  entry: (entry, { timezone }) =>
    `${dayOf(entry.recordedAt, timezone)} * (${safeName(entry.reference)}) ${describe(entry)}  ; ${tags(entry, timezone)}\n` +
    `${entry.postings.map(({ account, amount }) => posting(account, amount)).join('')}\n`,
};

const posting = (account: string, amount: bigint) => `    ${account}  ${fixedUsd(amount)} USD\n`;

const openingDay = ({ period, timezone }: ExportScope) => dayOf(period.from ?? new Date(0), timezone);

function describe({ type, model, externalUserId, providerId }: ExportedEntry): string {
  const event = typeOfStored(type);
  const subject = (event && subjects[event]) ?? type;
  return `${safeName(externalUserId || (providerId ?? ''))} | ${subject}${model ? ` ${safeName(model)}` : ''}`;
}

function tags(entry: ExportedEntry, timezone: string): string {
  return entryFields
    .flatMap(({ tag, of }) => {
      const value = of(entry, timezone);
      return tag && value !== null ? [`${tag.name}:${tag.written(String(value))}`] : [];
    })
    .join(', ');
}
