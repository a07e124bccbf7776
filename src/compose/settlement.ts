import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createUsageWriter, type UsageWriter } from '../commands/usage/record-usage.js';
import { DurableSettlement } from '../relay/settlement/durable-settlement.js';
import { Spool } from '../relay/settlement/spool/spool.js';
import { startSweeper } from '../relay/sweeper/sweeper.js';
import { cannotWrite } from './cannot-start.js';
import { recorderOfLeases } from './hold-leases.js';
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

type SettlementParts = Process & Pick<WriteSide, 'dependencies' | 'loader' | 'leases'>;

/** How calls end in the log: spool and sweeper are under way, so that what an earlier process left comes before the first call. */
export async function openSettlement(parts: SettlementParts): Promise<DurableSettlement> {
  const { guard, log, shutdown, store, cache, health, metrics, leases } = parts;
  const writer = createUsageWriter({
    store,
    now: Date.now,
    resolveWithinMs: RESOLVE_WITHIN_MS,
    maxPending: MAX_PENDING,
  });
  const spool = await openSpool(parts);
  const settlement = new DurableSettlement({
    store,
    doubt: () => guard.doubt?.message,
    now: () => performance.now(),
    log,
    writer,
    spool,
    balance: {
      settle: (settlements) => (leases ?? cache).settle(settlements),
      renew: (heartbeats) => cache.renew(heartbeats),
    },
    ...(leases && { beforeSpool: () => leases.beforeSpool() }),
    chargeWithinMs: CHARGE_WITHIN_MS,
    maxFailedCalls: MAX_FAILED_CALLS,
  });
  shutdown.add('settlement', () => settlement.close(), RESOLVE_WITHIN_MS);
  await settlement.start();
  health.push({ part: 'settlement', ask: () => Promise.resolve(settlement.notAccepting) });
  metrics.gauge('usage_pending', 'Ended calls that wait for the log.', () => writer.pending);
  metrics.gauge('spooled_charges', 'Charges in the spool.', () => settlement.stats.spooledCharges);
  metrics.gauge(
    'spool_files_set_aside',
    'Files of the spool that are of another log.',
    () => spool.countSetAside(),
    'max',
  );
  metrics.gauge(
    'failed_calls_dropped',
    'Failed calls that were not recorded.',
    () => settlement.stats.failedCallsDropped,
  );
  openSweeper(parts, settlement, writer);
  return settlement;
}

/** Of an earlier process or of this one: charges that the log has not taken. */
async function openSpool({
  config,
  generation,
  guard,
  ledgerId,
  log,
  store,
}: SettlementParts): Promise<Spool> {
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
    now: Date.now,
  }).catch((error: unknown) => {
    throw cannotWrite('the spool', folder, error);
  });
  await lookWith(guard, store, { name: 'the spool', seen: () => spool.newestSeen() });
  return spool;
}

function openSweeper(parts: SettlementParts, settlement: DurableSettlement, writer: UsageWriter): void {
  const { cache, leases, loader, log, metrics, shutdown, store } = parts;
  const sweeper = startSweeper({
    balance: cache,
    store,
    writer,
    recordLease: recorderOfLeases(parts),
    log,
    leaseMs: LEASE_MS,
    loadBudgets: (budgets) => loader.load(budgets),
    isOurs: (holdId) => settlement.owns(holdId) || leases?.owns(holdId) === true,
  });
  shutdown.add('sweeper', () => sweeper.stop());
  metrics.gauge('swept_holds', 'Holds of dead processes that were resolved here.', () => sweeper.resolved);
  metrics.gauge('swept_leases', 'Leases of dead processes that were resolved here.', () => sweeper.leases);
  metrics.gauge('unresolvable_holds', 'Holds that nobody can resolve.', () => sweeper.unresolvable);
}
