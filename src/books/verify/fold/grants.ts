import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import type { Fields } from '../check.js';

/** Grants as the table must show them. */
export class Grants {
  readonly rows = new Map<string, Fields>();

  apply(event: LedgerEvent): void {
    const at = event.recordedAt.toISOString();
    switch (event.type) {
      case 'grant-given': {
        const { data, position } = event;
        this.rows.set(data.grant_id, {
          account_id: data.account_id,
          kind: data.kind,
          source: storableText(data.source),
          quota: data.quota,
          priority: data.priority,
          ends_at: data.ends_at === undefined ? null : new Date(data.ends_at).toISOString(),
          reason: storableText(data.reason),
          given_by: storableText(data.by),
          position,
          given_at: at,
          status: 'open',
          ...{ closed_at: null, closed_because: null, ended_at: null, expired: 0n, withdrawn: 0n },
          ...{ withdrawn_by: null, withdrawn_because: null },
        });
        return;
      }
      case 'grant-closed':
        return this.change(event.data.grant_id, {
          ...{ status: 'closed', closed_at: at, closed_because: event.data.why },
        });
      case 'grant-expired':
        return this.change(event.data.grant_id, {
          ...{ status: 'expired', ended_at: at, expired: event.data.quota },
        });
      case 'grant-withdrawn': {
        const { grant_id, quota, withdrawal_id, by, reason } = event.data;
        const before = this.rows.get(grant_id)?.['withdrawn'];
        return this.change(grant_id, {
          withdrawn: quota + (typeof before === 'bigint' ? before : 0n),
          withdrawn_by: storableText(by),
          withdrawn_because: storableText(reason),
          ...(withdrawal_id === 'all' && { status: 'withdrawn', ended_at: at }),
        });
      }
      default:
    }
  }

  private change(grantId: string, fields: Fields): void {
    const grant = this.rows.get(grantId);
    if (grant) this.rows.set(grantId, { ...grant, ...fields });
  }
}
