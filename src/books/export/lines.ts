import { dayOf } from '../../support/period.js';
import { csvLine } from '../../support/csv-text.js';
import { entryFields, type ExportedPosting } from './entries.js';
import { type ExportScope, fixedUsd, type JournalFormat } from './format.js';

const postingColumns = ['account', 'quota', 'usd'];
const postingCells = ({ account, amount }: ExportedPosting) => [account, amount, fixedUsd(amount)];

/** What a line says of the postings that were there before the period. */
const opening = ({ period, timezone }: ExportScope) => ({
  event: 'opening-balance',
  date: period.from ? dayOf(period.from, timezone) : null,
});

/** One posting a line; what was there before the period as lines of the event `opening-balance`. For programs: no byte order mark. */
export const csv: JournalFormat = {
  begin: () => csvLine([...entryFields.map(({ name }) => name), ...postingColumns]),
  account: () => '',
  opening: (posting, scope) => {
    const said: Readonly<Record<string, string | null>> = opening(scope);
    return csvLine([...entryFields.map(({ name }) => said[name] ?? null), ...postingCells(posting)]);
  },
  afterOpening: () => '',
  entry: (entry, { timezone }) => {
    const cells = entryFields.map(({ of }) => of(entry, timezone));
    return entry.postings.map((posting) => csvLine([...cells, ...postingCells(posting)])).join('');
  },
};

/** One event a line with its postings; what was there before the period as one line an account. Amounts are decimal text. */
export const ndjson: JournalFormat = {
  begin: () => '',
  account: () => '',
  opening: (posting, scope) => line({ ...opening(scope), postings: [postingMembers(posting)] }),
  afterOpening: () => '',
  entry: (entry, { timezone }) =>
    line({
      ...Object.fromEntries(entryFields.map(({ name, of }) => [name, of(entry, timezone)])),
      postings: entry.postings.map(postingMembers),
    }),
};

const postingMembers = ({ account, amount }: ExportedPosting) => ({
  account,
  quota: amount,
  usd: fixedUsd(amount),
});

const line = (value: object) =>
  `${JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? member.toString() : member))}\n`;
