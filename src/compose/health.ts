import { withDeadline } from '../support/deadline.js';

/** One part that must work before this process can do its work. */
export interface HealthCheck {
  readonly part: string;
  /** Undefined when it works, else what is the matter, without hosts, SQL or secrets. A rejection counts as not reachable. */
  readonly ask: () => Promise<string | undefined>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, { readonly ready: boolean; readonly reason?: string }>>;
}

const DEADLINE_MS = 2_000;

/** Asks all parts at once, each within 2 s. */
export async function readiness(checks: readonly HealthCheck[]): Promise<Readiness> {
  const answers = await Promise.all(
    checks.map(async ({ part, ask }) => {
      const reason = await withDeadline(ask(), DEADLINE_MS).catch(() => 'cannot be reached');
      return [part, reason === undefined ? { ready: true } : { ready: false, reason }] as const;
    }),
  );
  return { ready: answers.every(([, { ready }]) => ready), parts: Object.fromEntries(answers) };
}

/** A check of something that has only a round trip to show. */
export function reachable(part: string, roundTrip: () => Promise<unknown>): HealthCheck {
  return { part, ask: () => roundTrip().then(() => undefined) };
}
