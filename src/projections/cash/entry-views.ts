import { schemaOf } from '../runtime/projection.js';

const [journal, cash] = [schemaOf('journal'), schemaOf('cash')];

/** Entries of the whole journal: those that move customers' balances, and those of providers' money alone. In SQL, for a FROM. */
export const ALL_ENTRIES = `
  (SELECT position, recorded_at, type, account_id, reference, NULL AS provider_id FROM ${journal}.entries
   UNION ALL
   SELECT position, recorded_at, type, account_id, reference, provider_id FROM ${cash}.cash_entries)`;

/** The postings of all of them. */
export const ALL_POSTINGS = `
  (SELECT position, leg, account, amount FROM ${journal}.postings
   UNION ALL
   SELECT position, leg, account, amount FROM ${cash}.cash_postings)`;
