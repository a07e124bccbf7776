import type { Cluster, Links } from '../cluster/cluster.js';
import type { Link, Moment } from '../cluster/link.js';
import type { CrashPoint } from '../plan/faults.js';

interface Sight {
  readonly link: keyof Links | 'upstream' | 'provider';
  /** Readable in the bytes on that link; `VICTIM` stands for the process's name. */
  readonly pattern: string;
  readonly moment: Moment;
}

/** How a crash point is seen from outside: what passes between the process and its servers at that moment. */
const SIGHTS: Readonly<Record<CrashPoint, Sight>> = {
  'relay: hold placed, not answered': { link: 'redis', pattern: '"kind":"call"', moment: 'answer' },
  'relay: held, upstream asked': { link: 'upstream', pattern: 'via-VICTIM', moment: 'before' },
  'relay: upstream has begun its answer': { link: 'upstream', pattern: 'via-VICTIM', moment: 'after' },
  'relay: charge not yet appended': { link: 'store', pattern: 'consumption-recorded.v', moment: 'before' },
  'relay: charge appended, not acknowledged': {
    link: 'store',
    pattern: 'consumption-recorded.v',
    moment: 'answer',
  },
  'relay: charge acknowledged, answer not ended': {
    link: 'store',
    pattern: 'consumption-recorded.v',
    moment: 'after',
  },
  'api: credit not yet appended': { link: 'store', pattern: 'payment-credited.v', moment: 'before' },
  'api: credit appended, not acknowledged': {
    link: 'store',
    pattern: 'payment-credited.v',
    moment: 'answer',
  },
  'api: credit acknowledged, not answered': {
    link: 'store',
    pattern: 'payment-credited.v',
    moment: 'after',
  },
  'api: refund held, not appended': { link: 'store', pattern: 'payment-refunded.v', moment: 'before' },
  'api: refund appended, not acknowledged': {
    link: 'store',
    pattern: 'payment-refunded.v',
    moment: 'answer',
  },
  'api: order paid, not credited': { link: 'store', pattern: 'order-paid.v', moment: 'after' },
  'api: refund taken, provider not asked': {
    link: 'provider',
    pattern: 'POST /v1/refunds',
    moment: 'before',
  },
  'api: provider gave back, not heard': { link: 'provider', pattern: 'POST /v1/refunds', moment: 'answer' },
  'projector: batch under way': { link: 'postgres', pattern: 'INTO p_balance.balances', moment: 'before' },
  'projector: batch applied, not committed': {
    link: 'postgres',
    pattern: 'UPDATE projection_checkpoints',
    moment: 'answer',
  },
  'projector: committed, cache not told': { link: 'postgres', pattern: 'COMMIT', moment: 'answer' },
};

/** Waits for the moment and acts in it. False when it did not come in time. */
export async function atCrashPoint(
  cluster: Cluster,
  point: CrashPoint,
  victim: Parameters<Cluster['member']>[0],
  withinMs: number,
  act: (cut: () => void) => void,
): Promise<boolean> {
  const sight = SIGHTS[point];
  const link = linkOf(cluster, sight.link, victim);
  return atSight(link, { ...sight, pattern: sight.pattern.replace('VICTIM', victim) }, withinMs, act);
}

function linkOf(cluster: Cluster, link: Sight['link'], victim: Parameters<Cluster['member']>[0]): Link {
  if (link === 'upstream') return cluster.upstreamLink;
  return link === 'provider' ? cluster.provider.link : cluster.member(victim).links[link];
}

/** As `atCrashPoint`, for anything that can be seen on a link. */
export async function atSight(
  link: Link,
  sight: { readonly pattern: string; readonly moment: Moment },
  withinMs: number,
  act: (cut: () => void) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const trigger = {
      ...sight,
      act: (cut: () => void) => {
        clearTimeout(timer);
        act(cut);
        resolve(true);
      },
    };
    const timer = setTimeout(() => {
      link.disarm(trigger);
      resolve(false);
    }, withinMs);
    link.arm(trigger);
  });
}
