import { setTimeout as wait } from 'node:timers/promises';
import type { Build } from '../build/build.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Link } from '../cluster/link.js';
import { fill, makeRoom } from '../cluster/small-disk.js';
import { type Fault, SERVICES, type ServiceName } from '../plan/faults.js';
import type { Observations } from '../run/observations.js';
import { atCrashPoint, atSight } from './crash-points.js';
import { type CommandFault, runUnderFire } from './commands.js';
import { injectDeletion } from './deletion.js';
import { injectForeignEvents } from './foreign-events.js';
import { forgetVariable } from './forgotten-variable.js';
import { moveTheLog } from './move.js';
import { NotHere } from './not-here.js';
import { injectPoison } from './poison.js';
import { restoreTheLedger } from './restore.js';
import { rotPages } from './rotten-pages.js';
import { rotSpool } from './rotten-spool.js';
import { injectIntoServer } from './servers.js';
import type { Turns } from './turns.js';
import { injectWrongLog } from './wrong-log.js';

export interface FaultWorld {
  readonly cluster: Cluster;
  readonly build: Build;
  /** Another version, to run beside the present one; undefined where none could be made. */
  readonly oldBuild: Build | undefined;
  /** What clients see, to which faults add payments of their own. */
  readonly observations: Observations;
  readonly turns: Turns;
  /** Something that was found wrong while a fault was there. */
  readonly complain: (what: string) => void;
}

/** How long a crash point is waited for: clients work until the last fault is in, so that its moment comes on a slow machine too. */
const SIGHT_WITHIN_MS = 180_000;
const AWAY_MS = 400;
const TROUBLE_MS = 2_500;

/**
 * Brings a fault about and mends it again. Answers why not, where its moment did not come.
 *
 * @throws NotHere
 */
export async function inject(world: FaultWorld, fault: Fault): Promise<string | undefined> {
  const { cluster, turns } = world;
  if (!('victim' in fault)) {
    if (fault.kind === 'price change') return turns.take('api', () => changePrices(cluster));
    if (fault.kind === 'poison event') return turns.take('projector', () => injectPoison(world));
    if (fault.kind === 'two projectors')
      return turns.take('projector-2', () => twoProjectors(cluster, fault.forMs));
    if (fault.kind === 'projector stopped for long')
      return turns.take('projector', () => away(cluster, 'projector', fault.forMs));
    if (fault.kind === 'foreign events') return turns.take('servers', () => injectForeignEvents(world));
    if (fault.kind === 'rotten pages') return turns.take('servers', () => rotPages(world));
    if (fault.kind === 'deletion')
      return turns.takeAll([...SERVICES, 'servers'], () => injectDeletion(world, fault));
    if (fault.kind === 'move under fire')
      return turns.takeAll(['operator', ...SERVICES, 'projector-2', 'servers'], () => moveTheLog(world));
    if (fault.kind === 'restore under fire')
      return turns.takeAll(['operator', ...SERVICES, 'projector-2', 'servers'], () =>
        restoreTheLedger(world),
      );
    if (fault.kind.endsWith('under fire'))
      return turns.take('operator', () => runUnderFire(world, fault.kind as CommandFault));
    return turns.take('servers', () => injectIntoServer(cluster, fault));
  }
  if (fault.kind === 'wrong log')
    return turns.takeAll([fault.victim, 'servers'], () => injectWrongLog(world, fault));
  if (fault.kind === 'forgotten variable')
    return turns.takeAll([fault.victim, 'servers'], () => forgetVariable(world, fault.victim));
  if (fault.kind === 'rotten spool') return turns.take(fault.victim, () => rotSpool(world, fault.victim));
  return turns.take(fault.victim, () => injectIntoProcess(world, fault));
}

type ProcessFault = Exclude<
  Extract<Fault, { victim: ServiceName }>,
  { kind: 'wrong log' | 'forgotten variable' | 'rotten spool' }
>;

async function injectIntoProcess(world: FaultWorld, fault: ProcessFault): Promise<string | undefined> {
  const { cluster, build, oldBuild } = world;
  const { service, links, smallDisk } = cluster.member(fault.victim);
  switch (fault.kind) {
    case 'crash point': {
      const withinMs = fault.withinMs ?? SIGHT_WITHIN_MS;
      const came = await atCrashPoint(cluster, fault.point, fault.victim, withinMs, () => service.killNow());
      if (!came) return 'the moment did not come';
      return away(cluster, fault.victim, AWAY_MS);
    }
    case 'kill -9':
      return away(cluster, fault.victim, fault.awayMs);
    case 'graceful restart': {
      const code = await service.stop();
      if (code !== 0) world.complain(`${fault.victim} did not end in order after SIGTERM: ${code}`);
      return void (await service.start());
    }
    case 'connections cut':
      return void Object.values(links).forEach((link: Link) => link.cut());
    case 'process paused':
      service.pause();
      await wait(fault.forMs);
      return void service.resume();
    case 'acknowledgements lost':
      return loseAcknowledgements(links.store, fault.victim, fault.times);
    case 'event store stalled':
      links.store.stall(true);
      await wait(fault.forMs);
      return void links.store.stall(false);
    case 'partition of one way':
      links[fault.link].closeWay(fault.way);
      await wait(fault.forMs);
      return void links[fault.link].openWay(fault.way);
    case 'slow links':
      for (const link of Object.values(links) as Link[]) link.slow(fault.byMs);
      await wait(fault.forMs);
      return void Object.values(links).forEach((link: Link) => link.slow(0));
    case 'disk full': {
      if (!smallDisk) throw new NotHere('no small disk could be mounted here');
      await fill(smallDisk);
      await withoutStore(links.store);
      return makeRoom(smallDisk).then(() => undefined);
    }
    case 'disk does not sync':
      await service.control({ syncFails: true });
      await withoutStore(links.store);
      return service.control({}).then(() => undefined);
    case 'clock jump':
      await service.control({ clockOffsetMs: fault.byMs });
      await wait(fault.forMs);
      return service.control({}).then(() => undefined);
    case 'old and new binary': {
      if (!oldBuild) throw new NotHere('no older version of the same shapes is in the history');
      await service.stop();
      await service.start(oldBuild);
      await wait(fault.forMs);
      await service.stop();
      return service.start(build).then(() => undefined);
    }
  }
}

async function away(cluster: Cluster, victim: ServiceName, forMs: number): Promise<undefined> {
  const { service } = cluster.member(victim);
  await service.kill();
  await wait(forMs);
  await service.start();
}

/** So that charges must go to the disk. */
async function withoutStore(link: { refuse(refusing: boolean): void }): Promise<void> {
  link.refuse(true);
  await wait(TROUBLE_MS);
  link.refuse(false);
}

async function loseAcknowledgements(
  link: Parameters<typeof atSight>[0],
  victim: ServiceName,
  times: number,
): Promise<string | undefined> {
  const pattern = victim === 'api' ? 'payment-credited.v' : 'consumption-recorded.v';
  for (let time = 0; time < times; time++) {
    const sight = { pattern, moment: 'answer' } as const;
    if (!(await atSight(link, sight, SIGHT_WITHIN_MS, (cut) => cut()))) return 'nothing was appended';
  }
  return undefined;
}

async function twoProjectors(cluster: Cluster, forMs: number): Promise<undefined> {
  const { service } = cluster.member('projector-2');
  await service.start();
  await wait(forMs);
  await service.kill();
}

async function changePrices(cluster: Cluster): Promise<undefined> {
  await cluster.writePrices();
  const { service } = cluster.member('api');
  await service.stop();
  await service.start();
}
