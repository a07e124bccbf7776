import { dayOf } from '../../support/period.js';
import { csvLine } from '../../support/csv-text.js';
import { fixedUsd, type JournalFormat } from './format.js';

const columns = [
  'position',
  'date',
  'recorded_at',
  'event',
  'reference',
  'external_user_id',
  'payment_id',
  'model',
  'request_id',
  'account',
  'quota',
  'usd',
];

/** One posting a line; what was there before the period as lines of the event `opening-balance`. For programs: no byte order mark. */
export const csv: JournalFormat = {
  begin: () => csvLine(columns),
  account: () => '',
  opening: ({ account, amount }, { period, timezone }) =>
    csvLine([
      null,
      period.from ? dayOf(period.from, timezone) : null,
      null,
      'opening-balance',
      null,
      null,
      null,
      null,
      null,
      account,
      amount,
      fixedUsd(amount),
    ]),
  afterOpening: () => '',
  entry: (entry, { timezone }) =>
    entry.postings
      .map(({ account, amount }) =>
        csvLine([
          entry.position,
          dayOf(entry.recordedAt, timezone),
          entry.recordedAt.toISOString(),
          entry.type,
          entry.reference,
          entry.externalUserId,
          entry.paymentId,
          entry.model,
          entry.requestId,
          account,
          amount,
          fixedUsd(amount),
        ]),
      )
      .join(''),
};

/** One event a line with its postings; what was there before the period as one line an account. Amounts are decimal text. */
export const ndjson: JournalFormat = {
  begin: () => '',
  account: () => '',
  opening: ({ account, amount }, { period, timezone }) =>
    line({
      event: 'opening-balance',
      date: period.from ? dayOf(period.from, timezone) : null,
      postings: [{ account, quota: amount.toString(), usd: fixedUsd(amount) }],
    }),
  afterOpening: () => '',
  entry: (entry, { timezone }) =>
    line({
      position: entry.position.toString(),
      event: entry.type,
      date: dayOf(entry.recordedAt, timezone),
      recorded_at: entry.recordedAt.toISOString(),
      reference: entry.reference,
      external_user_id: entry.externalUserId,
      payment_id: entry.paymentId,
      model: entry.model,
      request_id: entry.requestId,
      postings: entry.postings.map(({ account, amount }) => ({
        account,
        quota: amount.toString(),
        usd: fixedUsd(amount),
      })),
    }),
};

const line = (value: object) => `${JSON.stringify(value)}\n`;
