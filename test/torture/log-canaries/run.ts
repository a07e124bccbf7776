import { wake } from '../build/asleep.js';
import type { Build } from '../build/build.js';
import type { PostgresServer } from '../cluster/postgres.js';
import {
  type LogCheck,
  neighboursStopNothing,
  nobodyElsesLog,
  numbersAreGivenOnce,
  tablesEndWithTheLog,
  whoWasAtWorkStops,
} from './checks.js';
import { proofsHold } from './proofs.js';
import { leasesEndWithTheirKey } from './leases.js';
import { chargedCallsAreFound } from './recovery.js';
import { Ground } from './ground.js';

/** What guards the log itself needs no load to be tried: one thing is done, and looked at. */
const CHECKS: Readonly<Record<string, LogCheck>> = {
  'identity-unchecked': nobodyElsesLog,
  'rebuild-past-the-head': tablesEndWithTheLog,
  'sequence-not-restored': numbersAreGivenOnce,
  'filter-off': neighboursStopNothing,
  'generation-unchecked': whoWasAtWorkStops,
  'recovery-reads-too-little': chargedCallsAreFound,
  'lease-outlives-a-revocation': leasesEndWithTheirKey,
  'event-left-out-of-the-tree': proofsHold,
  'balance-of-a-leaf-wrong': proofsHold,
  'receipt-of-another-event': proofsHold,
};

interface LogCanaries {
  readonly folder: string;
  readonly postgres: PostgresServer;
  /** Every canary is in it, asleep, unless it is `healthy`. */
  readonly build: Build;
  /** The same checks on a build without a fault. */
  readonly healthy: boolean;
  /** This one alone, if it is among these. */
  readonly only: string | undefined;
}

/** One after another. `wrong`: what a check found; undefined where it found nothing. */
export async function* runLogCanaries({
  folder,
  postgres,
  build,
  healthy,
  only,
}: LogCanaries): AsyncGenerator<{ readonly canary: string; readonly wrong: string | undefined }> {
  const asked = Object.entries(CHECKS).filter(([canary]) => only === undefined || canary === only);
  const ground = new Ground(folder, postgres, build);
  for (const [canary, check] of asked) {
    if (!healthy) wake(canary);
    try {
      yield { canary, wrong: await check(ground) };
    } finally {
      await ground.clear();
      wake(undefined);
    }
  }
}
