import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { Finding } from '../check.js';
import { Acts } from './acts.js';
import { Books } from './books.js';
import { Cash } from './cash.js';
import { Codes } from './codes.js';
import { Days } from './days.js';
import { Directory } from './directory.js';
import { Doubts } from './doubts.js';
import { Grants } from './grants.js';
import { Lots } from './lots.js';
import { Orders } from './orders.js';
import { Referrals } from './referrals.js';
import { SentRefunds } from './sent-refunds.js';
import { Subscriptions } from './subscriptions.js';
import { Teams } from './teams.js';

/** What the log alone says, and whether it agrees with itself. */
export class Fold {
  readonly findings = {
    positions: new Finding('positions of the log follow one another'),
    revisions: new Finding('revisions of a stream follow one another'),
    ids: new Finding('every event has an id of its own'),
    readable: new Finding('every event is readable'),
    payments: new Finding('payments are credited once'),
    refunds: new Finding('refunds stay within their payment'),
    holds: new Finding('holds are resolved once'),
    codes: new Finding('codes give what their batch says'),
    rewards: new Finding('rewards are no more than was earned'),
    lots: new Finding('lots less debt are the balance'),
    periods: new Finding('periods of plans are given once'),
  };
  readonly books = new Books(this.findings);
  readonly directory = new Directory();
  readonly doubts = new Doubts();
  readonly orders = new Orders();
  readonly sentRefunds = new SentRefunds();
  readonly cash = new Cash();
  readonly grants = new Grants();
  readonly codes = new Codes(this.findings.codes);
  readonly referrals = new Referrals(this.findings.rewards);
  readonly lots = new Lots(this.findings.lots);
  readonly subscriptions = new Subscriptions(this.findings.periods);
  readonly teams = new Teams();
  readonly acts = new Acts();
  readonly days: Days;
  /** Events beyond the ledger's tables. */
  behind = 0;
  /** Events of which nothing is made: what a person said so of, and what is somebody else's. */
  readonly passedOver = { skipped: 0, foreign: 0 };

  /** Up to which position each half is folded: the two groups of tables may be at different places. */
  constructor(
    private readonly until: { readonly ledger: bigint; readonly statistics: bigint },
    timeZone: string,
  ) {
    this.days = new Days(timeZone);
  }

  /** Whether the ledger's tables have the event, and the balance right after it where it moves one. */
  apply(event: LedgerEvent): { readonly inLedger: boolean; readonly balanceAfter: bigint | undefined } {
    if (event.position <= this.until.statistics) {
      this.days.apply(event);
      this.acts.apply(event);
    }
    if (event.position > this.until.ledger) {
      this.behind += 1;
      return { inLedger: false, balanceAfter: undefined };
    }
    this.directory.apply(event);
    this.doubts.apply(event);
    this.orders.apply(event);
    this.sentRefunds.apply(event);
    this.cash.apply(event);
    this.grants.apply(event);
    this.codes.apply(event);
    this.referrals.apply(event);
    this.subscriptions.apply(event);
    this.teams.apply(event);
    const balanceAfter = this.books.apply(event);
    this.lots.apply(event, balanceAfter);
    return { inLedger: true, balanceAfter };
  }
}
