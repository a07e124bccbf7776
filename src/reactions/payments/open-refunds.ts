import { randomUUID } from 'node:crypto';
import { openRefunds } from '../../projections/refund/query.js';
import type { DeskParts } from './desk.js';
import { continueRefund } from './refunds.js';

/** Whoever asked for a refund goes on with it alone so long. */
const UNDER_WAY_MS = 30_000;
const AT_ONCE = 100;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** Refunds that nobody knows the end of are gone on with, ever more rarely: a bank may take days. */
export class OpenRefunds {
  /** By the refund: when it is asked about next, and how long it was waited before. Who starts anew asks about all of them. */
  private pauses = new Map<string, { readonly nextAt: number; readonly pauseMs: number }>();

  constructor(
    private readonly parts: Pick<DeskParts, 'db' | 'refunds' | 'turns' | 'providers' | 'onFault'>,
  ) {}

  async goOn(now: Date): Promise<void> {
    const open = await openRefunds(this.parts.db, new Date(now.getTime() - UNDER_WAY_MS), AT_ONCE);
    const before = this.pauses;
    this.pauses = new Map();
    for (const refundId of open) {
      const waited = before.get(refundId);
      if (waited && waited.nextAt > now.getTime()) {
        this.pauses.set(refundId, waited);
        continue;
      }
      const pauseMs = waited ? Math.min(waited.pauseMs * 2, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
      this.pauses.set(refundId, { nextAt: now.getTime() + pauseMs, pauseMs });
      await continueRefund(this.parts, refundId, { actor: 'system', requestId: randomUUID() }).catch(
        this.parts.onFault,
      );
    }
  }
}
