import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import type { Fields, Finding } from '../check.js';

const UNUSED = { grant_id: null, account_id: null, used_at: null };
const STANDING = { voided_at: null, voided_by: null, voided_because: null };

/** Batches of codes and their codes as the tables must show them, and whether each code gave what its batch says. */
export class Codes {
  readonly batches = new Map<string, Fields>();
  readonly codes = new Map<string, Fields>();

  constructor(private readonly worth: Finding) {}

  apply(event: LedgerEvent): void {
    switch (event.type) {
      case 'code-batch-made':
        return this.make(event);
      case 'code-batch-filled':
        for (const hash of event.data.hashes)
          this.codes.set(hash, { batch_id: event.data.batch_id, ...STANDING, ...UNUSED });
        return this.follow(event);
      case 'code-voided':
        change(this.codes, event.data.code_hash, voidedFields(event));
        return this.follow(event);
      case 'code-batch-voided':
        change(this.batches, event.data.batch_id, voidedFields(event));
        return this.follow(event);
      case 'grant-given':
        return this.use(event);
      default:
    }
  }

  private make({ data, ...place }: Extract<LedgerEvent, { type: 'code-batch-made' }>): void {
    const { batch_id, name, codes, quota, ends_at, grant_days, by } = data;
    this.batches.set(batch_id, {
      ...{ name: storableText(name), codes: BigInt(codes), quota, ends_at: new Date(ends_at).toISOString() },
      ...{ grant_days: grant_days === null ? null : BigInt(grant_days), made_by: storableText(by) },
      ...{ position: place.position, made_at: place.recordedAt.toISOString(), revision: place.revision },
      ...STANDING,
    });
  }

  private follow({ data, revision }: Extract<LedgerEvent, { type: `code-${string}` }>): void {
    change(this.batches, data.batch_id, { revision });
  }

  private use({ data, position, recordedAt }: Extract<LedgerEvent, { type: 'grant-given' }>): void {
    if (!data.source.startsWith('code:')) return;
    const hash = data.source.slice('code:'.length);
    const code = this.codes.get(hash);
    const batch = code && this.batches.get(String(code['batch_id']));
    const expected = batch ? { quota: batch['quota'] ?? null } : undefined;
    this.worth.compare(String(position), data.account_id, expected, { quota: data.quota });
    const { grant_id, account_id } = data;
    change(this.codes, hash, { grant_id, account_id, used_at: recordedAt.toISOString() });
  }
}

const voidedFields = ({
  data,
  recordedAt,
}: Extract<LedgerEvent, { type: 'code-voided' | 'code-batch-voided' }>): Fields => ({
  voided_at: recordedAt.toISOString(),
  voided_by: storableText(data.by),
  voided_because: storableText(data.reason),
});

function change(rows: Map<string, Fields>, key: string, fields: Fields): void {
  const row = rows.get(key);
  if (row) rows.set(key, { ...row, ...fields });
}
