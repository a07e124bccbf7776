import { type AlertTerms, type FigureAlert, figureAlerts, ruleOf } from '../../domain/setting/alerts.js';
import { repeat } from '../../support/repeat.js';
import type { Alerts } from './alerts.js';

/** What each kind goes by, as it is now; undefined: it cannot be known now. */
export type Figures = Readonly<Record<FigureAlert, () => Promise<number | undefined>>>;

export interface FiguresWatchOptions {
  readonly alerts: Pick<Alerts, 'raise' | 'resolve' | 'open'>;
  readonly terms: () => Promise<AlertTerms>;
  readonly figures: Figures;
  readonly onFault: (error: unknown) => void;
}

const EVERY_MS = 30_000;

const summaries: Readonly<Record<FigureAlert, (value: number) => string>> = {
  'tables-behind': (value) => `The read models are ${value} seconds behind the log: balances move on late.`,
  'messages-late': (value) => `The oldest message of the outbox waits for ${value} seconds.`,
  'messages-dead': (value) =>
    `Messages that could not be delivered: ${value}. Send them again or give them up.`,
  'mails-failed': (value) => `Mails that were given up within a day: ${value}. Look at what the server says.`,
  'calls-failing': (value) => `${value} of 100 calls of the last ten minutes failed.`,
  'doubts-open': (value) => `Charges in doubt: ${value}. Settle them.`,
};

/**
 * Looks at figures every now and then. One that has reached its upper mark is told of once, until it has come back to the lower one: between
 * the two nothing is told. Every process may look: an alert has one name.
 */
export class FiguresWatch {
  constructor(private readonly options: FiguresWatchOptions) {}

  /** Answers the way to stop. */
  start(): () => Promise<void> {
    return repeat(EVERY_MS, async () => {
      await this.look().catch(this.options.onFault);
      return EVERY_MS;
    });
  }

  /** Each by itself: one that cannot be read keeps no other from being told of. */
  async look(): Promise<void> {
    const terms = await this.options.terms();
    for (const kind of Object.keys(figureAlerts) as FigureAlert[])
      await this.lookAt(kind, terms).catch(this.options.onFault);
  }

  private async lookAt(kind: FigureAlert, terms: AlertTerms): Promise<void> {
    const { alerts, figures } = this.options;
    const { raise_at = Infinity, resolve_at = 0, severity } = ruleOf(terms, kind);
    const value = await figures[kind]();
    if (value === undefined) return;
    const isOpen = (await alerts.open(kind)).length > 0;
    if (isOpen && value <= resolve_at) await alerts.resolve(kind);
    if (isOpen || value < raise_at) return;
    await alerts.raise({
      key: kind,
      kind,
      severity,
      summary: summaries[kind](value),
      details: { value, raise_at, resolve_at },
    });
  }
}
