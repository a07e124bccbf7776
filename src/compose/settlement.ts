import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createUsageWriter } from '../commands/usage/record-usage.js';
import { DurableSettlement } from '../relay/settlement/durable-settlement.js';
import { Spool } from '../relay/settlement/spool/spool.js';
import { startSweeper } from '../relay/sweeper/sweeper.js';
import { cannotWrite } from './cannot-start.js';
import { logKindOf, lookWith } from './log-guard.js';
import type { Process } from './process.js';
import type { WriteSide } from './write-side.js';

/** A charge that the log has not confirmed by then goes to the spool; by the second the log has surely said yes or no. */
const CHARGE_WITHIN_MS = 5_000;
const RESOLVE_WITHIN_MS = 20_000;
const MAX_PENDING = 20_000;
const MAX_FAILED_CALLS = 1_000;
const MAX_SPOOL_BYTES = 256 * 1024 * 1024;
const LEASE_MS = 15_000;

/** While nothing was given up since: an older copy that was accepted may lack what its former log had. */
function formerLog(ledgerId: string, generation: number, { ledger }: Process['guard']) {
  const former = ledger?.copyOf;
  if (!former || former.generation + 1 !== generation) return undefined;
  return { ledgerId, generation: former.generation, log: former.kind };
}

/** How calls end in the log: spool and sweeper are under way, so that what an earlier process left comes before the first call. */
export async function openSettlement(parts: Process & Pick<WriteSide, 'loader'>): Promise<DurableSettlement> {
  const { config, generation, guard, ledgerId, log, shutdown, store, cache, health, loader, metrics } = parts;
  const now = Date.now;
  const writer = createUsageWriter({
    store,
    now,
    resolveWithinMs: RESOLVE_WITHIN_MS,
    maxPending: MAX_PENDING,
  });
  const folder = join(config.dataDir, 'spool');
  const spool = await Spool.open({
    folder,
    owner: { host: hostname(), pid: process.pid, instance: randomUUID() },
    origin: { ledgerId, generation, log: logKindOf(config) },
    former: formerLog(ledgerId, generation, guard),
    seen: () => guard.known,
    onSetAside: (path) =>
      log.error(
        { file: path },
        'charges in the spool are of another log: they are set aside, and need a person (docs/operators.md)',
      ),
    maxBytes: MAX_SPOOL_BYTES,
    now,
  }).catch((error: unknown) => {
    throw cannotWrite('the spool', folder, error);
  });
  await lookWith(guard, store, { name: 'the spool', seen: () => spool.newestSeen() });
  const settlement = new DurableSettlement({
    store,
    doubt: () => guard.doubt?.message,
    now: () => performance.now(),
    log,
    writer,
    spool,
    balance: cache,
    chargeWithinMs: CHARGE_WITHIN_MS,
    maxFailedCalls: MAX_FAILED_CALLS,
  });
  shutdown.add('settlement', () => settlement.close(), RESOLVE_WITHIN_MS);
  await settlement.start();
  const sweeper = startSweeper({
    balance: cache,
    store,
    writer,
    log,
    leaseMs: LEASE_MS,
    loadBudgets: (budgets) => loader.load(budgets),
    isOurs: (callId) => settlement.owns(callId),
  });
  shutdown.add('sweeper', () => sweeper.stop());
  health.push({ part: 'settlement', ask: () => Promise.resolve(settlement.notAccepting) });
  metrics.gauge('usage_pending', 'Ended calls that wait for the log.', () => writer.pending);
  metrics.gauge('spooled_charges', 'Charges in the spool.', () => settlement.stats.spooledCharges);
  metrics.gauge('spool_files_set_aside', 'Files of the spool that are of another log.', () =>
    spool.countSetAside(),
  );
  metrics.gauge(
    'failed_calls_dropped',
    'Failed calls that were not recorded.',
    () => settlement.stats.failedCallsDropped,
  );
  metrics.gauge('swept_holds', 'Holds of dead processes that were resolved here.', () => sweeper.resolved);
  metrics.gauge('unresolvable_holds', 'Holds that nobody can resolve.', () => sweeper.unresolvable);
  return settlement;
}
