import type { Alerts } from './alerts.js';

const KIND = 'books-disagree';

/** What a verification of the books came to: differences are told of until one finds none. */
export const booksAlert =
  (alerts: Pick<Alerts, 'raise' | 'resolve'>) =>
  async ({ drift, position }: { readonly drift: number; readonly position: bigint }): Promise<void> => {
    if (drift === 0) await alerts.resolve(KIND);
    else
      await alerts.raise({
        key: KIND,
        kind: KIND,
        severity: 'critical',
        summary: `The tables differ from the log in ${drift} places as of position ${position}. The log holds: look at the verification, and make the tables anew.`,
        details: { value: drift, position: position.toString() },
      });
  };
