import type { Random } from '../random.js';

export const SERVICES = ['relay-1', 'relay-2', 'api', 'projector'] as const;
export type ServiceName = (typeof SERVICES)[number];
export type Store = 'eventstoredb' | 'postgres';

export const LINKS = ['store', 'postgres', 'redis'] as const;
export type LinkName = (typeof LINKS)[number];

/** Moments at which a process dies, named by what it was doing. */
export const CRASH_POINTS = [
  'relay: hold placed, not answered',
  'relay: held, upstream asked',
  'relay: upstream has begun its answer',
  'relay: charge not yet appended',
  'relay: charge appended, not acknowledged',
  'relay: charge acknowledged, answer not ended',
  'api: credit not yet appended',
  'api: credit appended, not acknowledged',
  'api: credit acknowledged, not answered',
  'api: refund held, not appended',
  'api: refund appended, not acknowledged',
  'api: order paid, not credited',
  'api: refund taken, provider not asked',
  'api: provider gave back, not heard',
  'projector: batch under way',
  'projector: batch applied, not committed',
  'projector: committed, cache not told',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

export type Fault =
  | {
      readonly kind: 'crash point';
      readonly point: CrashPoint;
      readonly victim: ServiceName;
      /** How long its moment is waited for. */
      readonly withinMs?: number;
    }
  | { readonly kind: 'kill -9'; readonly victim: ServiceName; readonly awayMs: number }
  | { readonly kind: 'graceful restart' | 'connections cut'; readonly victim: ServiceName }
  | { readonly kind: 'process paused'; readonly victim: ServiceName; readonly forMs: number }
  | { readonly kind: 'projector stopped for long'; readonly forMs: number }
  | { readonly kind: 'two projectors'; readonly forMs: number }
  | { readonly kind: 'poison event' }
  | {
      readonly kind:
        | 'redis flushed'
        | 'redis restarted empty'
        | 'redis restarted from an old snapshot'
        | 'redis restarted from a rotten snapshot';
    }
  /** Which lacks what came last. */
  | { readonly kind: 'redis fails over to a replica'; readonly behindMs: number }
  | { readonly kind: 'rotten spool'; readonly victim: 'relay-1' | 'relay-2' }
  | { readonly kind: 'rotten pages' }
  | { readonly kind: 'redis paused' | 'redis out of memory'; readonly forMs: number }
  | { readonly kind: 'postgres stopped at once'; readonly awayMs: number }
  | { readonly kind: 'postgres stopped at once in mid-batch'; readonly awayMs: number }
  /** `seed`: of what its disk loses. */
  | { readonly kind: 'power cut'; readonly awayMs: number; readonly seed: string }
  | { readonly kind: 'acknowledgements lost'; readonly victim: ServiceName; readonly times: number }
  | { readonly kind: 'event store stalled'; readonly victim: ServiceName; readonly forMs: number }
  /** Of one link of a process, and what is lost on it. */
  | {
      readonly kind: 'partition of one way';
      readonly victim: ServiceName;
      readonly link: LinkName;
      readonly way: 'questions' | 'answers';
      readonly forMs: number;
    }
  | {
      readonly kind: 'slow links';
      readonly victim: ServiceName;
      readonly byMs: number;
      readonly forMs: number;
    }
  | { readonly kind: 'event store restarted'; readonly awayMs: number }
  | { readonly kind: 'disk full' | 'disk does not sync'; readonly victim: 'relay-1' | 'relay-2' }
  | {
      readonly kind: 'clock jump';
      readonly victim: ServiceName;
      readonly byMs: number;
      readonly forMs: number;
    }
  | { readonly kind: 'price change' }
  /** Under running processes, of which one is started on it. */
  | {
      readonly kind: 'wrong log';
      readonly which: 'older' | 'empty' | "another's" | 'a replica that lags';
      readonly victim: ServiceName;
    }
  /** One process alone is told of another kind of log than the others are. */
  | { readonly kind: 'forgotten variable'; readonly victim: ServiceName }
  | { readonly kind: 'foreign events' }
  /** `how`: of an event store; in PostgreSQL it is a row that goes. */
  | { readonly kind: 'deletion'; readonly how: 'soft' | 'limit' | 'tombstone' }
  /** Not a fault but what an operator does in the middle of them. */
  | { readonly kind: 'rebuild under fire' | 'verify under fire' | 'export under fire' | 'drill under fire' }
  /** To the other kind of log, and whoever runs is started on it. */
  | { readonly kind: 'move under fire' }
  /** By a backup, into new servers, and whoever runs is started on them. */
  | { readonly kind: 'restore under fire' }
  | {
      readonly kind: 'old and new binary';
      readonly victim: 'relay-2' | 'api' | 'projector';
      readonly forMs: number;
    };

export type FaultKind = Fault['kind'];

export interface PlannedFault {
  readonly atMs: number;
  readonly fault: Fault;
}

const RELAYS = ['relay-1', 'relay-2'] as const;

/** One card of every kind, and one of every crash point. */
export function deckOf(random: Random): Fault[] {
  const service = () => random.pick(SERVICES);
  const relay = () => random.pick(RELAYS);
  const points = CRASH_POINTS.map((point): Fault => {
    const role = point.split(':')[0];
    return { kind: 'crash point', point, victim: role === 'relay' ? relay() : (role as ServiceName) };
  });
  const shortMs = () => random.int(300, 3_000);
  const clock = () => random.pick([-7_200_000, -300_000, -90_000, 90_000, 300_000, 7_200_000]);
  return random.shuffle<Fault>([
    ...points,
    { kind: 'kill -9', victim: relay(), awayMs: shortMs() },
    { kind: 'kill -9', victim: service(), awayMs: shortMs() },
    { kind: 'graceful restart', victim: service() },
    { kind: 'connections cut', victim: service() },
    { kind: 'process paused', victim: relay(), forMs: random.pick([1_500, 6_000, 20_000]) },
    { kind: 'projector stopped for long', forMs: random.int(8_000, 12_000) },
    { kind: 'two projectors', forMs: random.int(4_000, 8_000) },
    { kind: 'poison event' },
    { kind: 'redis flushed' },
    { kind: 'redis restarted empty' },
    { kind: 'redis restarted from an old snapshot' },
    { kind: 'redis restarted from a rotten snapshot' },
    { kind: 'redis fails over to a replica', behindMs: random.int(0, 3_000) },
    { kind: 'rotten spool', victim: relay() },
    { kind: 'rotten pages' },
    { kind: 'redis paused', forMs: shortMs() },
    { kind: 'redis out of memory', forMs: shortMs() },
    { kind: 'postgres stopped at once', awayMs: shortMs() },
    { kind: 'postgres stopped at once in mid-batch', awayMs: shortMs() },
    { kind: 'acknowledgements lost', victim: relay(), times: random.int(1, 5) },
    { kind: 'acknowledgements lost', victim: 'api', times: random.int(1, 3) },
    { kind: 'event store stalled', victim: service(), forMs: random.int(500, 7_000) },
    { kind: 'event store restarted', awayMs: shortMs() },
    ...(['questions', 'answers'] as const).map((way): Fault => {
      const forMs = random.int(1_000, 6_000);
      return { kind: 'partition of one way', victim: service(), link: random.pick(LINKS), way, forMs };
    }),
    { kind: 'slow links', victim: relay(), byMs: random.int(10, 150), forMs: random.int(3_000, 8_000) },
    { kind: 'slow links', victim: service(), byMs: random.int(10, 150), forMs: random.int(3_000, 8_000) },
    { kind: 'disk full', victim: relay() },
    { kind: 'disk does not sync', victim: relay() },
    { kind: 'clock jump', victim: relay(), byMs: clock(), forMs: random.int(2_000, 6_000) },
    { kind: 'clock jump', victim: service(), byMs: clock(), forMs: random.int(2_000, 6_000) },
    { kind: 'price change' },
    ...(['older', 'empty', "another's", 'a replica that lags'] as const).map((which): Fault => ({
      kind: 'wrong log',
      which,
      victim: service(),
    })),
    { kind: 'forgotten variable', victim: service() },
    { kind: 'foreign events' },
    { kind: 'deletion', how: random.pick(['soft', 'limit', 'tombstone']) },
    { kind: 'rebuild under fire' },
    { kind: 'verify under fire' },
    { kind: 'export under fire' },
    { kind: 'drill under fire' },
    { kind: 'move under fire' },
    { kind: 'restore under fire' },
    { kind: 'old and new binary', victim: random.pick(['relay-2', 'api', 'projector']), forMs: 6_000 },
  ]);
}

/** For a run whose PostgreSQL is on a disk that loses what was not synced. */
export function powerCuts(random: Random): Fault[] {
  const seeds = Array.from({ length: 4 }, () => String(random.next()));
  return seeds.map((seed) => ({ kind: 'power cut', awayMs: random.int(300, 3_000), seed }));
}

export interface Dealing {
  readonly random: Random;
  /** What is left of it goes to the next round. */
  readonly deck: Fault[];
  /** A new one, of at least one card. */
  readonly draw: () => Fault[];
  readonly forMs: number;
  readonly everyMs: number;
}

/** Cards in their order, one about every `everyMs`, the first after a moment of peace; a used-up deck is drawn anew. */
export function scheduleOf({ random, deck, draw, forMs, everyMs }: Dealing): PlannedFault[] {
  const schedule: PlannedFault[] = [];
  for (let atMs = 800; atMs < forMs - 1_500; atMs += random.int(everyMs * 0.6, everyMs * 1.4)) {
    if (deck.length === 0) deck.push(...draw());
    const fault = deck.shift();
    if (fault) schedule.push({ atMs, fault });
  }
  return schedule;
}
