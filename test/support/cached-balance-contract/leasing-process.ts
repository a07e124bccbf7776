import type { LeasedBalance } from '../../../src/balance/hold-leasing.js';
import { HoldLeases } from '../../../src/relay/holds/hold-leases.js';
import { OpenHolds } from '../../../src/relay/holds/open-holds.js';
import { type SimulatedTime, Wire } from './wire.js';

/** A relay as far as leases go, and how it reaches the cache. */
export interface LeasingProcess {
  readonly wire: Wire;
  readonly leases: HoldLeases;
  /** Of the leases that it has asked for. */
  readonly leaseIds: readonly string[];
  /** How many holds it has asked the cache for. */
  holdsSent: number;
  /** Of its copy of the key. */
  revision: bigint;
}

export function leasingProcess(
  cache: LeasedBalance,
  { name, time, wrong }: { readonly name: string; readonly time: SimulatedTime; readonly wrong: string[] },
): LeasingProcess {
  const wire = new Wire();
  const leaseIds: string[] = [];
  const { send } = wire;
  const remote = {
    hold: (request) => {
      process.holdsSent += 1;
      return send(() => cache.hold(request));
    },
    takeLease: (request) => send(() => cache.takeLease(request)),
    closeLease: (end) => send(() => cache.closeLease(end)),
    spare: (budget) => send(() => cache.spare(budget)),
    settle: (settlements) => send(() => cache.settle(settlements)),
    release: (holdIds) => send(() => cache.release(holdIds)),
    renew: (heartbeats) => cache.renew(heartbeats),
    register: (holds) => cache.register(holds),
    onLost: () => () => undefined,
  } satisfies Partial<LeasedBalance>;
  const onProblem = (error: unknown) => void wrong.push(String(error));
  const holds = new OpenHolds({ cache: remote, heartbeatMs: 2 ** 30, onOverrun: onProblem, onProblem });
  const leases = new HoldLeases({
    cache: remote,
    holds,
    busyCalls: 2,
    contextOf: () => '{}',
    newId: () => {
      const leaseId = `lease-${name}-${leaseIds.length}`;
      leaseIds.push(leaseId);
      return leaseId;
    },
    onProblem,
    now: () => time.nowMs,
    later: (run, delayMs) => time.later(run, delayMs),
  });
  const process: LeasingProcess = { wire, leases, leaseIds, holdsSent: 0, revision: 0n };
  return process;
}
