import { accountDecider } from '../../domain/account/decide.js';
import { channelDecider } from '../../domain/channel/decide.js';
import type { Decider } from '../../domain/decider.js';
import type { DomainEvent } from '../../domain/events/catalogue.js';
import { decodeEvent } from '../../domain/events/codec.js';
import { operatorDecider } from '../../domain/operator/decide.js';
import { priceListDecider } from '../../domain/price/decide.js';
import { serviceKeyDecider } from '../../domain/servicekey/decide.js';
import { settingDecider } from '../../domain/setting/decide.js';
import type { SettingKey } from '../../domain/setting/settings.js';
import {
  accountStream,
  channelStream,
  operatorStream,
  priceListStream,
  serviceKeyStream,
  settingStream,
  tokenStream,
} from '../../domain/streams.js';
import { tokenDecider } from '../../domain/token/decide.js';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.js';
import { AuditRefused } from './faults.js';
import { differing, type Facts, factsOf } from './facts.js';

export const historyKinds = [
  'user',
  'key',
  'channel',
  'setting',
  'prices',
  'operator',
  'service-key',
] as const;
export type HistoryKind = (typeof historyKinds)[number];

/** One change of a thing: who made it, and what it was before and is after. */
export interface Change {
  readonly position: bigint;
  readonly revision: bigint;
  readonly recorded_at: string;
  readonly event: string;
  readonly by: string;
  readonly request_id: string | null;
  /** Why, where somebody said so. */
  readonly reason: string | null;
  /** What the change took away or replaced, and what it put there; facts that stayed are in neither. */
  readonly before: Facts;
  readonly after: Facts;
}

type AnyDecider = Decider<unknown, never, { readonly type: string }>;

const things: Readonly<
  Record<HistoryKind, { readonly stream: (id: string) => string; readonly decider: AnyDecider }>
> = {
  // By the account's own id.
  user: { stream: accountStream, decider: accountDecider },
  key: { stream: (id) => tokenStream(Number(id)), decider: tokenDecider },
  channel: { stream: channelStream, decider: channelDecider },
  setting: { stream: (id) => settingStream(id as SettingKey), decider: settingDecider },
  prices: { stream: () => priceListStream, decider: priceListDecider },
  operator: { stream: operatorStream, decider: operatorDecider },
  'service-key': { stream: serviceKeyStream, decider: serviceKeyDecider },
};

const PAGE = 200;

/** Every change of a thing, in order, folded from its stream alone. @throws AuditRefused `figure_not_found` */
export async function historyOf(
  store: Pick<EventStore, 'readStream'>,
  kind: HistoryKind,
  id: string,
): Promise<readonly Change[]> {
  const { stream, decider } = things[kind];
  const changes = await changesOf(store, stream(id), decider);
  if (changes.length === 0) throw new AuditRefused('figure_not_found', `nothing is known of ${kind} ${id}`);
  return changes;
}

/** By the name of the stream: what is in it changes one thing. Undefined where its events are facts by themselves. */
export const deciderOf = (stream: string): AnyDecider | undefined =>
  Object.values(things).find((thing) => {
    const [prefix = ''] = thing.stream('').split(/(?<=-)/);
    return prefix.endsWith('-') ? stream.startsWith(prefix) : stream === prefix;
  })?.decider;

/** @param until the last revision that is wanted; default: the stream's end */
export async function changesOf(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  decider: AnyDecider,
  until?: bigint,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  let state = decider.initialState();
  let facts = factsOf(state);
  for (let from = 0n; until === undefined || from <= until; from += BigInt(PAGE)) {
    const page = await store.readStream(stream, { from, limit: PAGE });
    for (const recorded of page) {
      const event = decodeEvent(recorded.type, recorded.data);
      state = decider.evolve(state, event);
      const next = factsOf(state);
      changes.push(changeOf(recorded, event, facts, next));
      facts = next;
    }
    if (page.length < PAGE) break;
  }
  return changes;
}

/** What one event changed, of what was known before it and is known after it. */
export function changeOf(
  { position, revision, recordedAt, type, metadata }: RecordedEvent,
  event: DomainEvent,
  facts: Facts,
  next: Facts,
): Change {
  const { actor, request_id } = metadata;
  return {
    position,
    revision,
    recorded_at: recordedAt.toISOString(),
    event: type,
    by: 'by' in event.data ? event.data.by : typeof actor === 'string' ? actor : '',
    request_id: typeof request_id === 'string' ? request_id : null,
    reason: 'reason' in event.data && typeof event.data.reason === 'string' ? event.data.reason : null,
    before: differing(facts, next),
    after: differing(next, facts),
  };
}
